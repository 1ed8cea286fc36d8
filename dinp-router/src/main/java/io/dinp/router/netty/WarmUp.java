package io.dinp.router.netty;

import io.dinp.common.model.HostPort;
import io.dinp.router.core.AccessLog;
import io.dinp.router.core.RouteTable;
import io.dinp.router.wire.BodyFraming;
import io.dinp.router.wire.HeadEnd;
import io.dinp.router.wire.RequestHead;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a data plane of its own serve itself for a moment before the real one opens its port. A JVM interprets what it runs for the first
 * time, and the first clients of a restarted router would stand in that queue. Opening connections counts as much as serving them, so there
 * are few requests on each. What it gains is not shown yet, see {@code docs/performance.md}.
 */
public final class WarmUp {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final String HOST = "warm-up.invalid";
    private static final int REQUESTS_A_CONNECTION = 4;
    private static final int PATIENCE_MILLIS = 1000;
    private static final Duration CLOSING = Duration.ofSeconds(1);
    private static final byte LAST = '$';
    private static final byte[] RESPONSE =
            ascii("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nwarm$");
    private static final byte[] CHUNKED_RESPONSE = ascii(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nwarm-\r\n0\r\nEnd: $\r\n\r\n");
    private static final byte[] GET = ascii("GET / HTTP/1.1\r\nHost: " + HOST
            + "\r\nUser-Agent: warm-up\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n");
    private static final byte[] POST = ascii("POST / HTTP/1.1\r\nHost: " + HOST + "\r\nContent-Length: 4\r\n\r\nbody");

    private WarmUp() {}

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Takes the given time, on loopback only. A failure is no reason not to start: it is said in the log.
     *
     * @param options those of the real data plane
     */
    public static void run(Transport transport, ProxyOptions options, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        RouterServer.Setup setup = new RouterServer.Setup(transport, 1, "127.0.0.1", 0, CLOSING);
        try (App app = new App(transport);
                RouterServer server = new RouterServer(setup, options, new Traffic(), AccessLog.NONE, () -> {})) {
            server.install(RouteTable.EMPTY
                    .edit()
                    .endpoints(HOST, List.of(app.address()))
                    .build());
            server.listen();
            while (System.nanoTime() - end < 0) {
                visit(server.port());
            }
        } catch (IOException e) {
            log.warn("the first requests will be slow, since the warm-up failed: {}", e.toString());
        }
    }

    private static void visit(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            for (int i = 0; i < REQUESTS_A_CONNECTION; i++) {
                socket.getOutputStream().write(i == REQUESTS_A_CONNECTION - 1 ? POST : GET);
                awaitLast(socket);
            }
        }
    }

    private static void awaitLast(Socket socket) throws IOException {
        byte[] part = new byte[4096];
        for (int length = socket.getInputStream().read(part);
                ;
                length = socket.getInputStream().read(part)) {
            if (length < 0) {
                throw new IOException("a connection was closed");
            }
            for (int i = 0; i < length; i++) {
                if (part[i] == LAST) {
                    return;
                }
            }
        }
    }

    /** The app at the other end. */
    private static final class App implements AutoCloseable {
        private final EventLoopGroup group;
        private final Channel listener;

        App(Transport transport) {
            group = transport.group(1);
            listener = new ServerBootstrap()
                    .group(group)
                    .channel(transport.listener())
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new Answers());
                        }
                    })
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .syncUninterruptibly()
                    .channel();
        }

        HostPort address() {
            return new HostPort("127.0.0.1", ((InetSocketAddress) listener.localAddress()).getPort());
        }

        @Override
        public void close() {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /** Answers each request; a POST in chunks, and with the end of the connection, so that the next one has to be dialled. */
    private static final class Answers extends ByteToMessageDecoder {
        private final RequestHead head = new RequestHead();
        private BodyFraming body = BodyFraming.NONE;
        private boolean inBody;

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            int end = inBody ? in.readerIndex() : HeadEnd.find(in, in.readerIndex());
            if (end < 0) {
                return;
            }
            if (!inBody) {
                head.read(in, end - in.readerIndex());
                body = head.newBody();
            }
            in.skipBytes(body.take(in));
            inBody = !body.isDone();
            if (!inBody) {
                byte[] response = head.hasBody() ? CHUNKED_RESPONSE : RESPONSE;
                Sending.write(ctx, Unpooled.wrappedBuffer(response));
                ctx.flush();
            }
        }
    }
}
