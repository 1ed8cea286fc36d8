package io.dinp.server.sim;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.slf4j.helpers.MessageFormatter;

/** What happened, for the reader of a failure. Off while nothing has failed: the replay of the seed writes it. */
final class Trace {

    private final int kept;
    private final Deque<String> lines = new ArrayDeque<>();
    private long begun = -1;
    private long count;
    private int hash;

    /** Keeps so many of the last lines; with none it is off. */
    Trace(int kept) {
        this.kept = kept;
    }

    boolean isOn() {
        return kept > 0;
    }

    /** Writes a line, when it is on; each {} stands for a part. */
    void say(long now, String pattern, Object... parts) {
        if (!isOn()) {
            return;
        }
        begun = begun < 0 ? now : begun;
        String line = String.format(Locale.ROOT, "%9.3f  ", (now - begun) / 1000.0)
                + MessageFormatter.arrayFormat(pattern, parts).getMessage();
        hash = 31 * hash + line.hashCode();
        count++;
        lines.add(line);
        if (lines.size() > kept) {
            lines.remove();
        }
    }

    /** Differs for histories that differ anywhere. */
    String fingerprint() {
        return count + "/" + Integer.toHexString(hash);
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
