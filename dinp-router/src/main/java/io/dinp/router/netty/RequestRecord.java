package io.dinp.router.netty;

import io.dinp.router.core.AccessLog;
import io.dinp.router.wire.KnownHeader;
import io.dinp.router.wire.RequestHead;

/** What one request has come to, for the numbers and the access log. */
final class RequestRecord {
    private final long idHigh;
    private final long idLow;
    private final long startMillis = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();
    private int tries;
    private int status;
    private long bytes;
    private String error = "";
    private PooledBackend endpoint;

    RequestRecord(long idHigh, long idLow) {
        this.idHigh = idHigh;
        this.idLow = idLow;
    }

    long idHigh() {
        return idHigh;
    }

    long idLow() {
        return idLow;
    }

    long startMillis() {
        return startMillis;
    }

    /** An endpoint was chosen. */
    void tries(PooledBackend chosen) {
        endpoint = chosen;
        tries++;
    }

    void answered(int answer) {
        status = answer;
    }

    /** Why the router itself ended it. */
    void failed(String reason) {
        error = reason;
    }

    void sent(int bodyBytes) {
        bytes += bodyBytes;
    }

    /** Hands everything over, once. */
    void close(Worker worker, RequestHead head, Target target, ClientAddress client) {
        worker.traffic().response(status, bytes);
        if (worker.accessLog().isOn()) {
            worker.accessLog().add(entry(head, target, client));
        }
    }

    private AccessLog.Entry entry(RequestHead head, Target target, ClientAddress client) {
        return new AccessLog.Entry(
                head.host(),
                startMillis,
                head.method(),
                head.target(),
                head.isHttp11() ? "HTTP/1.1" : "HTTP/1.0",
                status,
                bytes,
                head.value(KnownHeader.REFERER),
                head.value(KnownHeader.USER_AGENT),
                client.toString(),
                idHigh,
                idLow,
                (System.nanoTime() - startNanos) / 1000,
                target == null ? "" : target.app(),
                endpoint == null ? "" : endpoint.address().toString(),
                tries,
                error);
    }
}
