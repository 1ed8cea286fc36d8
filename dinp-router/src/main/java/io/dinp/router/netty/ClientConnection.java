package io.dinp.router.netty;

import io.dinp.router.wire.BadMessage;
import io.dinp.router.wire.BodyFraming;
import io.dinp.router.wire.RequestHead;
import io.dinp.router.wire.ResponseWriter.Persistence;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads requests from one client, one after the other, and hands each to an {@link Exchange}.
 *
 * <p>Requests that come early (pipelining) wait in {@link #input}; when too much waits, or the endpoint takes a body more slowly than it
 * comes, the socket is not read until there is room again. While an exchange runs the socket is read on, so that a client that goes away
 * is noticed.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);
    private static final int MAX_WAITING = 64 * 1024;
    private static final Duration LINGER = Duration.ofSeconds(2);
    private static final Duration FAREWELL = Duration.ofSeconds(60);

    private enum Phase {
        HEAD,
        BODY,
        RESPONSE,
        TUNNEL,
        CLOSING
    }

    private final Worker worker;
    private final RequestHead head;
    private final Incoming input = new Incoming();
    private ChannelHandlerContext ctx;
    private ClientAddress address;
    private Phase phase = Phase.HEAD;
    private boolean processing;
    private boolean unflushed;
    private boolean reading = true;
    private boolean keepAlive;
    private boolean inputShut;
    private boolean counted;
    private BodyFraming body = BodyFraming.NONE;
    private Exchange exchange;
    private Target target;
    private long deadline;

    ClientConnection(Worker worker) {
        this.worker = worker;
        this.head = new RequestHead(worker.options().limits().headLines());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        address = new ClientAddress(
                ctx.channel().remoteAddress(), worker.options().trustedProxies());
        worker.add(this);
        expire(worker.options().clientIdle());
        Refusal refusal = worker.connections().add(address.limited());
        counted = refusal == null;
        if (!counted) {
            refuseHead(refusal);
            flush();
        }
    }

    // ---- what comes in

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (phase == Phase.CLOSING) {
            in.release();
            return;
        }
        if (phase == Phase.HEAD && input.isEmpty()) {
            expire(worker.options().headTimeout());
        }
        input.add(ctx.alloc(), in);
        process();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flush();
    }

    /** Works off what has come, as far as the present phase allows. */
    void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            boolean advanced;
            do {
                advanced = !input.isEmpty() && step();
                input.trim();
            } while (advanced);
        } catch (BadMessage e) {
            refuse(Refusal.badMessage(e.status(), e.getMessage()));
        } finally {
            processing = false;
        }
        updateReading();
    }

    private boolean step() {
        return switch (phase) {
            case HEAD -> readHead();
            case BODY -> passBody();
            case TUNNEL -> {
                exchange.tunnelUp(input.take(input.size()));
                yield false;
            }
            case RESPONSE -> false;
            case CLOSING -> {
                input.drop();
                yield false;
            }
        };
    }

    private boolean readHead() {
        input.skipEmptyLines();
        if (input.isEmpty()) {
            return false;
        }
        int length = input.headLength();
        if (length < 0 && input.size() > RequestHead.MAX_LINE && !input.hasLineWithin(RequestHead.MAX_LINE)) {
            throw new BadMessage(414, "request line too long");
        }
        if ((length < 0 ? input.size() : length) > worker.options().limits().headBytes()) {
            throw new BadMessage(431, "header block too long");
        }
        if (length < 0) {
            return false;
        }
        head.read(input.bytes(), length);
        begin();
        return true;
    }

    private void begin() {
        worker.traffic().request();
        keepAlive = head.isKeepAlive() && !worker.isDraining();
        body = head.newBody();
        phase = body.isDone() ? Phase.RESPONSE : Phase.BODY;
        exchange = new Exchange(this, worker, head);
        exchange.start();
    }

    private boolean passBody() {
        if (exchange == null || !exchange.takesBody()) {
            return false;
        }
        ByteBuf part = input.take(body.take(input.bytes()));
        if (body.isDone()) {
            phase = Phase.RESPONSE;
        }
        exchange.sendBody(part);
        return true;
    }

    // ---- what the exchange asks for

    /** Where this request goes by the present table. */
    Target target() {
        if (target == null || !target.isOf(worker.generation()) || !head.hostIs(target.host())) {
            target = Target.of(worker, head.host());
        }
        return target;
    }

    ClientAddress address() {
        return address;
    }

    boolean isBodyRead() {
        return body.isDone();
    }

    boolean isWritable() {
        return ctx.channel().isWritable();
    }

    void endAfterResponse() {
        keepAlive = false;
    }

    /** What to tell the client about the connection's future. */
    Persistence persistence() {
        if (!keepAlive) {
            return Persistence.CLOSED;
        }
        return head.isHttp11() ? Persistence.IMPLIED : Persistence.KEPT;
    }

    void write(ByteBuf bytes) {
        unflushed = true;
        Sending.write(ctx, bytes);
    }

    /** Sends what was written in either direction; called once at the end of each batch of reads. */
    void flush() {
        if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
        if (exchange != null) {
            exchange.flushUpstream();
        }
    }

    /** The deadline of whatever is waited for now. */
    void expire(Duration timeout) {
        deadline = System.nanoTime() + timeout.toNanos();
    }

    void becomeTunnel() {
        phase = Phase.TUNNEL;
    }

    boolean isTunnel() {
        return phase == Phase.TUNNEL;
    }

    /** The response is written whole. */
    void exchangeDone() {
        exchange = null;
        if (!keepAlive || phase != Phase.RESPONSE || worker.isDraining()) {
            closeGracefully();
            return;
        }
        phase = Phase.HEAD;
        ProxyOptions options = worker.options();
        expire(input.isEmpty() ? options.clientIdle() : options.headTimeout());
        process();
    }

    /** Ends the connection so that the client sees that its response is incomplete. */
    void cut() {
        Sending.reset(ctx);
    }

    /** The drain time is over: a request that still runs is given up, in the router's name since the client has not gone. */
    void drainOver() {
        refuse(Refusal.DRAIN_OVER);
    }

    void updateReading() {
        boolean wanted = switch (phase) {
            case HEAD, CLOSING -> true;
            case RESPONSE -> input.size() < MAX_WAITING;
            case BODY, TUNNEL -> exchange != null && exchange.hasRoom();
        };
        if (reading != wanted) {
            reading = wanted;
            ctx.channel().config().setAutoRead(wanted);
        }
    }

    /** Shuts the sending side once everything is sent, because the endpoint of a tunnel has shut its own. */
    void shutOutput() {
        unflushed = false;
        Sending.shutWhenSent(ctx);
    }

    // ---- ends

    private void refuse(Refusal refusal) {
        if (exchange != null) {
            exchange.refuse(refusal);
        } else {
            refuseHead(refusal);
        }
    }

    /** Answers a request that cannot be understood, and with it everything that may follow on the connection. */
    private void refuseHead(Refusal refusal) {
        keepAlive = false;
        LocalReply.write(refusal, null, false, Persistence.CLOSED, worker.sink());
        write(worker.sunk());
        worker.refused(address, refusal);
        linger();
    }

    private void closeGracefully() {
        if (phase == Phase.BODY || !input.isEmpty()) {
            linger();
        } else {
            expire(FAREWELL);
            closeWhenSent();
        }
    }

    private void closeWhenSent() {
        phase = Phase.CLOSING;
        unflushed = false;
        Sending.closeWhenSent(ctx);
    }

    /** Closes in a way that lets a client that is still sending read its answer: a plain close would reset it away (RFC 9112, 9.6). */
    private void linger() {
        phase = Phase.CLOSING;
        expire(LINGER);
        if (inputShut) {
            closeWhenSent();
        } else {
            shutOutput();
        }
    }

    void checkDeadline(long now) {
        if (now - deadline < 0) {
            return;
        }
        if (exchange != null) {
            exchange.expired();
            flush();
        } else if (phase == Phase.HEAD && !input.isEmpty()) {
            refuseHead(Refusal.SLOW_CLIENT);
        } else {
            Sending.close(ctx);
        }
    }

    /** The router stops: idle clients have a moment to send one more request, which then closes its connection in order. */
    void drain() {
        keepAlive = false;
        if (phase == Phase.HEAD && input.isEmpty()) {
            expire(LINGER);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent)) {
            return;
        }
        inputShut = true;
        if (phase == Phase.TUNNEL && exchange != null) {
            exchange.clientShutOutput();
        } else if (exchange != null) {
            Sending.close(ctx);
        } else {
            closeWhenSent();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.clientWritabilityChanged();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        worker.remove(this);
        if (counted) {
            counted = false;
            worker.connections().remove(address.limited());
        }
        phase = Phase.CLOSING;
        Exchange running = exchange;
        exchange = null;
        if (running != null) {
            running.clientGone();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        input.drop();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            log.debug("client connection lost: {}", cause.toString());
            return;
        }
        log.error("closing a client connection after an unexpected failure", cause);
        Sending.close(ctx);
    }
}
