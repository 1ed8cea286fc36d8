package io.dinp.router.netty;

import io.dinp.router.core.AccessLog;
import io.dinp.router.core.AppNumbers;
import io.dinp.router.wire.KnownHeader;
import io.dinp.router.wire.RequestHead;

/** What one request has come to, for the numbers and the access log. */
final class RequestRecord {
    /** What nginx logs for it; no client ever sees it. */
    private static final int CLIENT_GONE = 499;

    private static final String UNREAD = "-";

    private final long idHigh;
    private final long idLow;
    private final long startMillis = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();
    private int tries;
    private int status;
    private long bytes;
    private long received;
    private boolean tunnel;
    private AppNumbers numbers;
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

    /** An endpoint was chosen; the first or, with a number from 2, one for a retry. */
    int tries(PooledBackend chosen) {
        endpoint = chosen;
        tries++;
        if (tries > 1 && numbers != null) {
            numbers.retry();
        }
        return tries;
    }

    /** The app is known whose request it is. */
    void of(AppNumbers app) {
        numbers = app;
        app.enter();
    }

    /** It has become something else than a request, whose duration says nothing of the app. */
    void upgraded() {
        tunnel = true;
    }

    void received(int bodyBytes) {
        received += bodyBytes;
    }

    long received() {
        return received;
    }

    void answered(int answer) {
        status = answer;
    }

    /** Why the router itself ended it. */
    void failed(String reason) {
        error = reason;
    }

    /** Nobody is there to be answered. */
    void clientGone() {
        status = CLIENT_GONE;
        error = "client_gone";
    }

    void sent(int bodyBytes) {
        bytes += bodyBytes;
    }

    /** Hands everything over, once. */
    void close(Worker worker, RequestHead head, Target target, ClientAddress client) {
        long micros = (System.nanoTime() - startNanos) / 1000;
        worker.traffic().response(status, bytes);
        if (numbers != null) {
            numbers.leave(status, tunnel ? -1 : micros, received, bytes);
        }
        if (worker.accessLog().isOn()) {
            worker.accessLog().add(entry(head, target, client, micros));
        }
    }

    /** The entry of what was refused before it was read as a request, so that nothing of it is repeated. */
    static AccessLog.Entry refused(ClientAddress client, Refusal refusal, long idHigh, long idLow) {
        return new AccessLog.Entry(
                "",
                System.currentTimeMillis(),
                UNREAD,
                UNREAD,
                UNREAD,
                refusal.status(),
                0,
                null,
                null,
                client.toString(),
                idHigh,
                idLow,
                0,
                "",
                "",
                0,
                refusal.code());
    }

    private AccessLog.Entry entry(RequestHead head, Target target, ClientAddress client, long micros) {
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
                micros,
                target == null ? "" : target.app(),
                endpoint == null ? "" : endpoint.address().toString(),
                tries,
                error);
    }
}
