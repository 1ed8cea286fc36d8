package io.dinp.router.netty;

import io.dinp.router.wire.KnownHeader;
import io.dinp.router.wire.RequestHead;
import io.dinp.router.wire.RequestWriter;
import io.dinp.router.wire.ResponseHead;
import io.dinp.router.wire.ResponseWriter;
import io.dinp.router.wire.ResponseWriter.Persistence;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;

/** One request on its way to an endpoint and back; {@link Attempts} says how often it may be tried. */
final class Exchange {
    private static final byte[] NOTHING = {};

    /** A body of that length is in the endpoint's kernel before the endpoint has read any of it. */
    private static final int AT_ONCE = 32 * 1024;

    private final ClientConnection client;
    private final Worker worker;
    private final RequestHead head;
    private final Attempts attempts;
    private final RequestRecord record;
    private Target target;
    private PooledBackend backend;
    private UpstreamConnection upstream;
    private boolean started;
    private boolean tunnel;
    private boolean clientShut;
    private boolean endpointShut;
    private boolean over;

    Exchange(ClientConnection client, Worker worker, RequestHead head) {
        this.client = client;
        this.worker = worker;
        this.head = head;
        this.attempts = new Attempts(head);
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
        target = client.target();
        Optional<PooledBackend> choice = attempts.next(target, now);
        if (choice.isEmpty()) {
            giveUp();
            return;
        }
        backend = choice.get();
        backend.enter();
        if (record.tries(backend) > 1) {
            worker.traffic().retry();
        }
        client.expire(worker.options().endpointTimeout());
        UpstreamConnection pooled = attempts.pooled(backend, now, worker.options());
        if (pooled != null) {
            send(pooled);
        } else {
            worker.dial(backend, this);
        }
    }

    private void giveUp() {
        if (attempts.isFirst()) {
            answer(Refusal.ENDPOINTS_FULL);
        } else {
            answer(Refusal.ENDPOINT_FAILURE, attempts.reason());
        }
    }

    /** The outcome of a dial; no failure when there is a connection. */
    void dialled(UpstreamConnection connection, Throwable failure) {
        if (over) {
            connection.close();
            return;
        }
        if (failure == null) {
            backend.answered();
            send(connection);
        } else {
            backend.failed(System.nanoTime());
            tryNext(failure);
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

    private void tryNext(Throwable failure) {
        attempts.giveUp(backend, failure);
        leave();
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
            if (record.received() > AT_ONCE) {
                upstream.bePatient();
            }
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
        ResponseWriter.write(
                response, client.persistence(), decoded, Trace.lines(head, worker.options(), backend), worker.sink());
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
        ResponseWriter.write(
                response, Persistence.SWITCHED, false, Trace.lines(head, worker.options(), backend), worker.sink());
        client.write(worker.sunk());
        client.expire(worker.options().streamIdle());
        upstream.bePatient();
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
        boolean silent = upstream.wasSilent();
        boolean stale = !silent && attempts.wasStale(upstream);
        if (started) {
            record.failed("endpoint_cut");
            leave();
            finish();
            client.cut();
            return;
        }
        if ((silent || !upstream.wasPooled()) && !answered) {
            backend.failed(System.nanoTime());
        }
        if (answered || !attempts.mayRepeat()) {
            leave();
            answer(silent ? Refusal.ENDPOINT_SILENT : Refusal.ENDPOINT_FAILURE);
        } else if (stale) {
            attempts.dialOnly();
            leave();
            attempt();
        } else {
            tryNext(null);
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
                record.clientGone();
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
        answer(refusal, refusal.code());
    }

    /** @param reason for the access log, which may say more than the client is told */
    private void answer(Refusal refusal, String reason) {
        record.answered(refusal.status());
        record.failed(reason);
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
