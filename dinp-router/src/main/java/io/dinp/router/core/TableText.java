package io.dinp.router.core;

import io.dinp.common.model.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The table as text, a line each route, with a checksum at its end, so that one that was cut off or changed is never taken for the whole;
 * and what has changed since as further lines, each with a checksum of its own.
 */
public final class TableText {
    private static final String FIRST_LINE = "dinp-routes 2";
    private static final String SUM = " #";

    private TableText() {}

    /** @throws IOException that of {@code out} */
    public static void write(StoredTable table, Appendable out) throws IOException {
        Writing writing = new Writing(out);
        try {
            writing.line(FIRST_LINE);
            writing.line("router " + table.router());
            writing.line("at " + table.atMillis());
            writing.line("epoch " + table.state().epoch());
            writing.line("version " + table.state().version());
            RouteTable routes = table.state().table();
            routes.routes().forEach((host, route) -> writing.line(line(route)));
            routes.cnames().forEach((domain, host) -> writing.line("cname " + domain + " " + host));
            routes.apps().forEach((host, known) -> writing.line("app " + host));
            writing.end();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String line(Route route) {
        StringBuilder line = new StringBuilder("route ").append(route.host());
        route.endpoints().forEach(endpoint -> line.append(' ').append(endpoint));
        return line.toString();
    }

    /**
     * What is now where the two tables differ, a line each; and at the end as of when that is, so that what is cut off there tells an
     * earlier version than its routes are, never a later one.
     */
    public static List<String> changes(TableState next, TableDiff diff) {
        RouteTable now = next.table();
        List<String> lines = new ArrayList<>();
        for (String host : diff.hosts()) {
            Route route = now.routes().get(host);
            lines.add(route == null ? "noroute " + host : line(route));
            lines.add((now.apps().containsKey(host) ? "app " : "noapp ") + host);
        }
        for (String domain : diff.domains()) {
            String host = now.cnames().get(domain);
            lines.add(host == null ? "nocname " + domain : "cname " + domain + " " + host);
        }
        lines.add("asof " + next.epoch() + " " + next.version());
        lines.replaceAll(line -> line + SUM + sum(line));
        return lines;
    }

    private static String sum(String line) {
        CRC32 sum = new CRC32();
        add(sum, line);
        return Long.toHexString(sum.getValue());
    }

    private static final class Writing {
        private final Appendable out;
        private final CRC32 sum = new CRC32();

        Writing(Appendable out) {
            this.out = out;
        }

        void line(String line) {
            add(sum, line);
            put(line);
        }

        void end() {
            put("end " + Long.toHexString(sum.getValue()));
        }

        private void put(String line) {
            try {
                out.append(line).append('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void add(CRC32 sum, String line) {
        sum.update(line.getBytes(StandardCharsets.UTF_8));
        sum.update('\n');
    }

    /**
     * Reads it back.
     *
     * @param changes since it was written, or since some time before, the oldest first. The last one may be cut off, as by a power cut, and does
     *     not count then
     * @throws IllegalArgumentException when it is not whole or not of this form
     */
    public static StoredTable read(Iterator<String> lines, List<String> changes) {
        Reading reading = new Reading();
        while (!reading.ended) {
            if (!lines.hasNext()) {
                throw new IllegalArgumentException("it is cut off after " + reading.count + " lines");
            }
            reading.line(lines.next());
        }
        if (lines.hasNext()) {
            throw new IllegalArgumentException("something follows its end");
        }
        for (int i = 0; i < changes.size(); i++) {
            reading.change(changes.get(i), i == changes.size() - 1);
        }
        return new StoredTable(
                reading.router,
                reading.atMillis,
                new TableState(reading.epoch, reading.version, reading.editor.build()));
    }

    private static final class Reading {
        private final CRC32 sum = new CRC32();
        private final RouteTable.Editor editor = RouteTable.EMPTY.edit();
        private String router = "";
        private String epoch = "";
        private long atMillis;
        private long version;
        private String[] words = {};
        private int count;
        private boolean ended;

        void line(String line) {
            if (count++ == 0 && !line.equals(FIRST_LINE)) {
                throw new IllegalArgumentException("its first line is not '" + FIRST_LINE + "'");
            }
            words = line.split(" ", -1);
            switch (words[0]) {
                case "dinp-routes" -> checkVersion();
                case "router" -> router = only();
                case "at" -> atMillis = Long.parseLong(only());
                case "epoch" -> epoch = only();
                case "version" -> version = Long.parseLong(only());
                case "end" -> end(only());
                default -> entry();
            }
            add(sum, line);
        }

        void change(String line, boolean last) {
            int end = line.lastIndexOf(SUM);
            if (end < 0 || !line.substring(end + SUM.length()).equals(sum(line.substring(0, end)))) {
                if (last) {
                    return;
                }
                throw new IllegalArgumentException("the checksum of a change does not fit");
            }
            words = line.substring(0, end).split(" ", -1);
            switch (words[0]) {
                case "noroute" -> editor.endpoints(only(), List.of());
                case "nocname" -> editor.cname(only(), Optional.empty());
                case "noapp" -> editor.app(only(), false);
                case "asof" -> {
                    epoch = word(1);
                    version = Long.parseLong(word(2));
                }
                default -> entry();
            }
        }

        private void entry() {
            switch (words[0]) {
                case "route" -> editor.endpoints(word(1), endpoints());
                case "cname" -> editor.cname(word(1), Optional.of(word(2)));
                case "app" -> editor.app(only(), true);
                default -> throw new IllegalArgumentException("'" + words[0] + "' is of no known kind");
            }
        }

        private void checkVersion() {
            if (count > 1) {
                throw new IllegalArgumentException("it begins again in line " + count);
            }
        }

        private String only() {
            if (words.length > 2) {
                throw new IllegalArgumentException("line " + count + " is too long");
            }
            return word(1);
        }

        private String word(int index) {
            if (words.length <= index) {
                throw new IllegalArgumentException("line " + count + " is too short");
            }
            return words[index];
        }

        private List<HostPort> endpoints() {
            return Arrays.stream(words, Math.min(2, words.length), words.length)
                    .map(HostPort::parse)
                    .toList();
        }

        private void end(String expected) {
            ended = true;
            if (!expected.equals(Long.toHexString(sum.getValue()))) {
                throw new IllegalArgumentException("its checksum does not fit");
            }
        }
    }
}
