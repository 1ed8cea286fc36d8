package io.dinp.router.core;

/** Takes a line for each request. Called on event loops: must neither block nor format. */
@FunctionalInterface
public interface AccessLog {
    /** Writes nothing. */
    AccessLog NONE = entry -> {};

    void add(Entry entry);

    /** How many lines were lost so far. */
    default long dropped() {
        return 0;
    }

    /** Whether lines are wanted at all; when not, none is collected. */
    default boolean isOn() {
        return this != NONE;
    }

    /**
     * One request.
     *
     * @param host as sent
     * @param atMillis its arrival
     * @param micros from its arrival to the end of its response
     * @param status what the client got; 499 when it went away before
     * @param bytes body bytes sent to the client
     * @param endpoint the last one tried, empty when none was
     * @param error why the router itself answered, or empty
     */
    record Entry(
            String host,
            long atMillis,
            String method,
            String target,
            String version,
            int status,
            long bytes,
            String referer,
            String userAgent,
            String client,
            long idHigh,
            long idLow,
            long micros,
            String app,
            String endpoint,
            int tries,
            String error) {}
}
