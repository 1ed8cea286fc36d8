package io.dinp.common.daemon;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps a daemon from doing its work, for {@code /health}; each change is said once in the log. Thread-safe. */
public final class Health {
    private static final Logger LOG = LoggerFactory.getLogger(Health.class);

    private final Map<String, String> problems = new TreeMap<>();

    /**
     * A part does not work. Another reason for the same part is kept, but the log is told only of the first.
     *
     * @param part short name of what is missing, {@code mysql}
     * @param reason for a person; must hold no secret
     */
    public synchronized void problem(String part, String reason) {
        if (problems.put(part, reason) == null) {
            LOG.warn("{} is a problem: {}", part, reason);
        }
    }

    /** A part works, or works again. */
    public synchronized void ok(String part) {
        if (problems.remove(part) != null) {
            LOG.info("{} is well again", part);
        }
    }

    /** Whether nothing is known to be wrong. */
    public synchronized boolean isOk() {
        return problems.isEmpty();
    }

    /** {@code ok}, or each part with its reason, a line each. */
    public synchronized String text() {
        if (problems.isEmpty()) {
            return "ok";
        }
        return problems.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("\n"));
    }
}
