package io.dinp.router.core;

/** What passed for one app on one event loop. Plain numbers, confined to that loop: others get a copy made there. */
public final class AppNumbers {
    private static final long[] BOUNDS_MICROS = {
        5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000
    };

    private final long[] classes = new long[6];
    private final long[] latencies = new long[BOUNDS_MICROS.length + 1];
    private long micros;
    private long inFlight;
    private long retries;
    private long bytesIn;
    private long bytesOut;

    /** The upper bounds of the latency's classes but the last, which has none; microseconds. */
    public static long[] bounds() {
        return BOUNDS_MICROS.clone();
    }

    public void enter() {
        inFlight++;
    }

    public void retry() {
        retries++;
    }

    /**
     * A request has ended.
     *
     * @param status what the client got
     * @param tookMicros negative for what has no latency, such as an upgraded connection
     */
    public void leave(int status, long tookMicros, long in, long out) {
        inFlight--;
        classes[Math.min(5, status / 100)]++;
        bytesIn += in;
        bytesOut += out;
        if (tookMicros >= 0) {
            micros += tookMicros;
            latencies[latencyClass(tookMicros)]++;
        }
    }

    private static int latencyClass(long tookMicros) {
        int index = 0;
        while (index < BOUNDS_MICROS.length && tookMicros > BOUNDS_MICROS[index]) {
            index++;
        }
        return index;
    }

    /** Adds what another loop has counted. */
    public AppNumbers add(AppNumbers other) {
        for (int i = 0; i < classes.length; i++) {
            classes[i] += other.classes[i];
        }
        for (int i = 0; i < latencies.length; i++) {
            latencies[i] += other.latencies[i];
        }
        micros += other.micros;
        inFlight += other.inFlight;
        retries += other.retries;
        bytesIn += other.bytesIn;
        bytesOut += other.bytesOut;
        return this;
    }

    /** Requests answered with a status of that hundred. */
    public long requests(int hundred) {
        return classes[hundred];
    }

    /** Requests whose latency fell into that class. */
    public long latencies(int index) {
        return latencies[index];
    }

    public long micros() {
        return micros;
    }

    public long inFlight() {
        return inFlight;
    }

    public long retries() {
        return retries;
    }

    public long bytesIn() {
        return bytesIn;
    }

    public long bytesOut() {
        return bytesOut;
    }
}
