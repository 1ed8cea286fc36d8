package io.dinp.router.netty;

import io.dinp.router.wire.KnownHeader;
import io.dinp.router.wire.RequestHead;
import io.dinp.router.wire.RequestWriter;
import io.dinp.router.wire.ResponseHead;
import io.dinp.router.wire.ResponseWriter;
import io.dinp.router.wire.ResponseWriter.Persistence;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One request on its way to an endpoint and back.
 *
 * <p>An endpoint that refuses the connection has seen nothing, so the next one is tried, three in all. When a connection breaks after the
 * request was sent, only a request that is idempotent and has no body is sent again: nobody knows what became of the first. Requests
 * that cannot be repeated are therefore not sent on connections that have been idle for long, which the endpoint may be closing.
 */
final class Exchange {
    private static final int MAX_ENDPOINTS = 3;
    private static final byte[] NOTHING = {};

    private final ClientConnection client;
    private final Worker worker;
    private final RequestHead head;
    private final boolean repeatable;
    private final RequestRecord record;
    private final List<PooledBackend> tried = new ArrayList<>(0);
    private Target target;
    private PooledBackend backend;
    private UpstreamConnection upstream;
    private boolean freshOnly;
    private boolean started;
    private boolean tunnel;
    private boolean clientShut;
    private boolean endpointShut;
    private boolean over;

    Exchange(ClientConnection client, Worker worker, RequestHead head) {
        this.client = client;
        this.worker = worker;
        this.head = head;
        this.repeatable = head.isIdempotent() && !head.hasBody() && !head.isUpgrade();
        this.record = new RequestRecord(worker.randomBits(), worker.randomBits());
    }

    ClientConnection client() {
        return client;
    }

    boolean isHead() {
        return head.isHead();
    }

    boolean knowsChunks() {
        return head.isHttp11();
    }

    // ---- out to an endpoint

    void start() {
        if (head.isMonitor()) {
            answerMonitor();
            return;
        }
        target = client.target();
        if (target.isKnown()) {
            record.of(target.numbers());
        }
        if (!worker.options().limits().allowsBody(head.bodyLength())) {
            answer(Refusal.bodyTooLong(worker.options().limits().bodyBytes()));
        } else if (!target.isKnown()) {
            worker.traffic().unknownRoute();
            answer(Refusal.unknownRoute(head.host()));
        } else if (target.picker() == null) {
            answer(Refusal.noEndpoint(head.host()));
        } else {
            attempt();
        }
    }

    /** Chooses an endpoint by the present table, counts, and sends or dials. */
    private void attempt() {
        long now = System.nanoTime();
        Optional<PooledBackend> choice = pick(now);
        if (choice.isEmpty()) {
            answer(tried.isEmpty() ? Refusal.ENDPOINTS_FULL : Refusal.ENDPOINT_FAILURE);
            return;
        }
        backend = choice.get();
        backend.enter();
        record.tries(backend);
        client.expire(worker.options().endpointTimeout());
        UpstreamConnection pooled = freshOnly ? null : backend.take(now, longestIdle());
        if (pooled != null) {
            send(pooled);
        } else {
            worker.dial(backend, this);
        }
    }

    private Optional<PooledBackend> pick(long now) {
        target = client.target();
        return tried.size() >= MAX_ENDPOINTS || target.picker() == null
                ? Optional.empty()
                : target.picker().pick(now, tried);
    }

    private long longestIdle() {
        return (repeatable ? worker.options().upstreamIdle() : worker.options().unsafeReuse()).toNanos();
    }

    /** The outcome of a dial. */
    void dialled(UpstreamConnection connection, boolean connected) {
        if (over) {
            connection.close();
            return;
        }
        if (connected) {
            backend.answered();
            send(connection);
        } else {
            backend.failed(System.nanoTime());
            tryNext();
        }
        client.flush();
    }

    private void send(UpstreamConnection connection) {
        upstream = connection;
        connection.assign(this);
        RequestWriter.Additions additions = new RequestWriter.Additions(
                client.address().forwardedLines(head, target.host()),
                record.startMillis(),
                record.idHigh(),
                record.idLow(),
                target.application(),
                backend.nameBytes());
        RequestWriter.write(head, additions, worker.sink());
        connection.write(worker.sunk());
        client.process(); // the body may have been waiting for a connection
    }

    private void tryNext() {
        tried.add(backend);
        leave();
        retry();
    }

    private void retry() {
        worker.traffic().retry();
        record.retried();
        attempt();
    }

    private void leave() {
        if (backend != null) {
            PooledBackend left = backend;
            backend = null;
            upstream = null;
            worker.leave(left);
        }
    }

    // ---- the request's body

    /** Whether body bytes can be taken at all; before there is a connection they wait with the client. */
    boolean takesBody() {
        return upstream != null;
    }

    boolean hasRoom() {
        return upstream != null && upstream.isWritable();
    }

    void sendBody(ByteBuf part) {
        client.expire(started ? worker.options().streamIdle() : worker.options().endpointTimeout());
        record.received(part.readableBytes());
        if (worker.options().limits().allowsBody(record.received())) {
            upstream.write(part);
        } else {
            part.release();
            refuse(Refusal.bodyTooLong(worker.options().limits().bodyBytes()));
        }
    }

    void flushUpstream() {
        if (upstream != null) {
            upstream.flush();
        }
    }

    // ---- back to the client

    void interim(ResponseHead response) {
        if (knowsChunks()) {
            ResponseWriter.write(response, Persistence.IMPLIED, false, NOTHING, worker.sink());
            client.write(worker.sunk());
        }
    }

    void responseStarted(ResponseHead response, boolean untilClose, boolean decoded) {
        startResponse(response, untilClose, decoded);
        client.write(worker.sunk());
    }

    /** The same, with the part of the body that has come with the head. */
    void responseStarted(ResponseHead response, boolean untilClose, ByteBuf body, int length) {
        startResponse(response, untilClose, false);
        record.sent(length);
        client.write(worker.sunkWith(body, length));
    }

    private void startResponse(ResponseHead response, boolean untilClose, boolean decoded) {
        started = true;
        record.answered(response.status());
        client.expire(worker.options().streamIdle());
        if (untilClose || decoded || !client.isBodyRead() || worker.isDraining()) {
            client.endAfterResponse();
        }
        ResponseWriter.write(response, client.persistence(), decoded, traceLines(), worker.sink());
    }

    private byte[] traceLines() {
        String key = worker.options().traceKey();
        if (key.isEmpty() || !key.equals(head.value(KnownHeader.X_VCAP_TRACE))) {
            return NOTHING;
        }
        String endpoint = backend.address().toString();
        return ("X-Vcap-Router: " + worker.options().routerId() + "\r\nX-Vcap-Backend: " + endpoint
                        + "\r\nX-Cf-RouteEndpoint: " + endpoint + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    void responseBody(ByteBuf part) {
        record.sent(part.readableBytes());
        client.expire(streamIdle());
        client.write(part);
        if (!client.isWritable()) {
            upstream.setReading(false);
        }
    }

    void clientWritabilityChanged() {
        if (upstream != null) {
            upstream.setReading(client.isWritable());
        }
    }

    /** The response has come whole; its connection has let go of this exchange. */
    void responseDone(UpstreamConnection connection, boolean reusable) {
        leave();
        if (reusable && client.isBodyRead()) {
            connection.release();
        } else {
            connection.close();
        }
        finish();
        client.exchangeDone();
    }

    // ---- upgraded connections

    void switched(ResponseHead response) {
        if (!head.isUpgrade() || !client.isBodyRead()) {
            refuse(Refusal.ENDPOINT_FAILURE);
            return;
        }
        started = true;
        tunnel = true;
        record.upgraded();
        record.answered(response.status());
        client.endAfterResponse();
        ResponseWriter.write(response, Persistence.SWITCHED, false, traceLines(), worker.sink());
        client.write(worker.sunk());
        client.expire(worker.options().streamIdle());
        client.becomeTunnel();
        client.process();
    }

    void tunnelUp(ByteBuf part) {
        client.expire(streamIdle());
        upstream.write(part);
    }

    /** A tunnel with one side shut is about to end: silence does not mean that much patience any more. */
    private Duration streamIdle() {
        return clientShut || endpointShut
                ? worker.options().clientIdle()
                : worker.options().streamIdle();
    }

    void clientShutOutput() {
        clientShut = true;
        upstream.shutOutput();
        endTunnelWhenShut();
    }

    void endpointShutOutput() {
        endpointShut = true;
        client.shutOutput();
        endTunnelWhenShut();
    }

    private void endTunnelWhenShut() {
        client.expire(streamIdle());
        if (clientShut && endpointShut) {
            closeUpstream();
            finish();
            client.exchangeDone();
        }
    }

    // ---- ends before time

    /** The connection broke. */
    void upstreamLost(boolean answered) {
        boolean stale = upstream.wasPooled() && !freshOnly;
        if (started) {
            record.failed("endpoint_cut");
            leave();
            finish();
            client.cut();
            return;
        }
        if (!upstream.wasPooled() && !answered) {
            backend.failed(System.nanoTime());
        }
        if (answered || !repeatable) {
            leave();
            answer(Refusal.ENDPOINT_FAILURE);
        } else if (stale) {
            freshOnly = true;
            leave();
            retry();
        } else {
            tryNext();
        }
        client.flush();
    }

    /** The deadline has passed without progress. */
    void expired() {
        if (started) {
            record.failed("idle");
            closeUpstream();
            finish();
            client.cut();
        } else if (hasRoom() && !client.isBodyRead()) {
            refuse(Refusal.SLOW_CLIENT);
        } else {
            refuse(Refusal.ENDPOINT_TIMEOUT);
        }
    }

    /** Gives the request up with an answer of our own, or by cutting the response that has begun. */
    void refuse(Refusal refusal) {
        closeUpstream();
        if (started) {
            record.failed(refusal.code());
            finish();
            client.cut();
        } else {
            client.endAfterResponse();
            answer(refusal);
        }
        client.flush();
    }

    void clientGone() {
        closeUpstream();
        if (!over) {
            if (!tunnel) {
                record.answered(499);
                worker.traffic().clientGone();
            }
            finish();
        }
    }

    private void closeUpstream() {
        if (upstream != null) {
            upstream.close();
        }
        leave();
    }

    private void answerMonitor() {
        boolean healthy = !worker.isDraining();
        record.answered(healthy ? 200 : 503);
        closeUnlessBodyRead();
        LocalReply.writeMonitor(healthy, head.isHead(), client.persistence(), worker.sink());
        reply();
    }

    private void answer(Refusal refusal) {
        record.answered(refusal.status());
        record.failed(refusal.code());
        closeUnlessBodyRead();
        LocalReply.write(refusal, head.value(KnownHeader.ACCEPT), head.isHead(), client.persistence(), worker.sink());
        reply();
    }

    private void closeUnlessBodyRead() {
        if (!client.isBodyRead()) {
            client.endAfterResponse();
        }
    }

    private void reply() {
        client.write(worker.sunk());
        finish();
        client.exchangeDone();
    }

    private void finish() {
        over = true;
        record.close(worker, head, target, client.address());
    }
}
