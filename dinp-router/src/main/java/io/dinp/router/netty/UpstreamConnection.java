package io.dinp.router.netty;

import io.dinp.router.wire.BadMessage;
import io.dinp.router.wire.BodyFraming;
import io.dinp.router.wire.ChunkedBody;
import io.dinp.router.wire.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads responses from one endpoint and hands them to the exchange that holds the connection; waits in the endpoint's pool between two. */
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(UpstreamConnection.class);

    /** So many bytes are copied behind their head at less cost than sending them as a buffer of their own. */
    private static final int COPIED = 4096;

    private enum Phase {
        HEAD,
        BODY,
        TUNNEL
    }

    private final PooledBackend backend;
    private final Transport transport;
    private final int silenceMillis;
    private final int patientMillis;
    private final ResponseHead head = new ResponseHead();
    private final Incoming input = new Incoming();
    private ChannelHandlerContext ctx;
    private Phase phase = Phase.HEAD;
    private BodyFraming body = BodyFraming.NONE;
    private boolean decoding;
    private Exchange exchange;
    private ClientConnection reader;
    private boolean unflushed;
    private boolean reading = true;
    private boolean inputShut;
    private boolean failed;
    private boolean silent;
    private int limitMillis;
    private long idleSince;

    UpstreamConnection(PooledBackend backend, Transport transport, ProxyOptions options) {
        this.backend = backend;
        this.transport = transport;
        silenceMillis = (int) options.connectTimeout().toMillis();
        patientMillis = (int) options.endpointTimeout().toMillis();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
    }

    // ---- the pool's side

    boolean isUsable() {
        return ctx.channel().isActive() && !inputShut;
    }

    /** Whether it has waited in the pool, so that the endpoint may have been closing it when it was used again. */
    boolean wasPooled() {
        return idleSince != 0;
    }

    long idleSince() {
        return idleSince;
    }

    /**
     * Gives the connection back for the next request, whose head fits into what the endpoint's kernel takes in: from now on a machine that
     * does not acknowledge it has died. Not so on a new connection, whose first bytes wait while a busy endpoint's accept queue is full.
     */
    void release() {
        limitSilence(silenceMillis);
        idleSince = System.nanoTime();
        setReading(true);
        backend.offer(this);
    }

    void close() {
        exchange = null;
        if (ctx != null) {
            Sending.close(ctx);
        }
    }

    // ---- the exchange's side

    void assign(Exchange holder) {
        exchange = holder;
        phase = Phase.HEAD;
    }

    /** From now on so much may be under way that a living endpoint that reads slowly leaves it unacknowledged for long. */
    void bePatient() {
        limitSilence(patientMillis);
    }

    private void limitSilence(int millis) {
        if (limitMillis != millis && ctx.channel().isActive()) {
            limitMillis = millis;
            transport.limitSilence(ctx.channel(), millis);
        }
    }

    /** Whether it was lost because the endpoint's machine did not acknowledge anything any more. */
    boolean wasSilent() {
        return silent;
    }

    void write(ByteBuf bytes) {
        unflushed = true;
        Sending.write(ctx, bytes);
    }

    void flush() {
        if (unflushed) {
            unflushed = false;
            ctx.flush();
        }
    }

    boolean isWritable() {
        return ctx.channel().isWritable();
    }

    void setReading(boolean wanted) {
        if (reading != wanted) {
            reading = wanted;
            ctx.channel().config().setAutoRead(wanted);
        }
    }

    void shutOutput() {
        unflushed = false;
        Sending.shutWhenSent(ctx);
    }

    /** Whether a part of a response has come that is not complete enough to be passed on. */
    private boolean hasAnswered() {
        return phase != Phase.HEAD || !input.isEmpty();
    }

    // ---- what comes in

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (exchange == null) {
            in.release(); // bytes that nobody asked for: what they belong to cannot be known
            backend.forget(this);
            Sending.close(ctx);
            return;
        }
        reader = exchange.client();
        input.add(ctx.alloc(), in);
        try {
            boolean advanced;
            do {
                advanced = exchange != null && !input.isEmpty() && step();
                input.trim();
            } while (advanced);
        } catch (BadMessage e) {
            log.debug("endpoint answers badly endpoint={} reason={}", backend.address(), e.getMessage());
            lost(true);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        ClientConnection toFlush = reader;
        reader = null;
        if (toFlush != null) {
            toFlush.flush();
        }
    }

    private boolean step() {
        return switch (phase) {
            case HEAD -> readHead();
            case BODY -> decoding ? passDecoded() : passBody();
            case TUNNEL -> {
                exchange.responseBody(input.take(input.size()));
                yield false;
            }
        };
    }

    private boolean readHead() {
        int length = input.headLength();
        if ((length < 0 ? input.size() : length) > ResponseHead.MAX_BYTES) {
            throw new BadMessage(502, "header block too long");
        }
        if (length < 0) {
            return false;
        }
        head.read(input.bytes(), length);
        if (head.isInterim()) {
            exchange.interim(head);
        } else if (head.isSwitch()) {
            phase = Phase.TUNNEL;
            exchange.switched(head);
        } else {
            begin();
        }
        return true;
    }

    private void begin() {
        phase = Phase.BODY;
        body = head.newBody(exchange.isHead());
        boolean untilClose = body == BodyFraming.untilClose();
        decoding = body instanceof ChunkedBody && !exchange.knowsChunks();
        if (decoding || body.isDone() || input.isEmpty() || input.size() > COPIED) {
            exchange.responseStarted(head, untilClose, decoding);
        } else {
            exchange.responseStarted(head, untilClose, input.bytes(), body.take(input.bytes()));
        }
        if (body.isDone()) {
            finish();
        }
    }

    private boolean passBody() {
        exchange.responseBody(input.take(body.take(input.bytes())));
        return continueOrFinish();
    }

    private boolean passDecoded() {
        int length = ((ChunkedBody) body).skipToData(input.bytes());
        if (length > 0) {
            exchange.responseBody(input.take(length));
        }
        return continueOrFinish();
    }

    private boolean continueOrFinish() {
        if (!body.isDone()) {
            return true;
        }
        if (exchange != null) {
            finish();
        }
        return false;
    }

    /** The response is complete; bytes behind it would be taken for the next one, so a connection that has any is not used again. */
    private void finish() {
        boolean reusable = input.isEmpty() && head.isKeepAlive() && body != BodyFraming.untilClose();
        input.drop();
        Exchange finished = exchange;
        exchange = null;
        finished.responseDone(this, reusable);
    }

    // ---- ends

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputShut = true;
            ended();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        inputShut = true;
        ended();
    }

    private void ended() {
        if (exchange == null) {
            backend.forget(this);
            Sending.close(ctx);
        } else if (phase == Phase.TUNNEL && !failed && ctx.channel().isActive()) {
            exchange.endpointShutOutput();
        } else if (phase == Phase.BODY && body == BodyFraming.untilClose() && !failed) {
            ClientConnection client = exchange.client();
            finish();
            client.flush();
        } else {
            lost(hasAnswered());
        }
    }

    private void lost(boolean answered) {
        Exchange loser = exchange;
        exchange = null;
        input.drop();
        Sending.close(ctx);
        if (loser != null) {
            loser.upstreamLost(answered);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (exchange != null) {
            exchange.client().updateReading();
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        input.drop();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failed = true;
        silent |= Transport.isSilence(cause);
        if (cause instanceof IOException) {
            log.debug("endpoint connection lost endpoint={}: {}", backend.address(), cause.toString());
            return;
        }
        log.error("closing an endpoint connection after an unexpected failure", cause);
        Sending.close(ctx);
    }
}
