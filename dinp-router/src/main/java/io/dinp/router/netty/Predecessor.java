package io.dinp.router.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running router that this one replaces.
 *
 * <p>It hands its listening socket over, the socket itself and not a second one on the same port: what waits in the queue of a second one
 * would be refused when the first is closed, unless {@code net.ipv4.tcp_migrate_req} is on, and that is the operator's to decide. Only a
 * successor that runs on io_uring has to open a second one.
 */
public final class Predecessor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Predecessor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final EventLoopGroup group;
    private final Channel channel;
    private final FileDescriptor listener;

    private Predecessor(EventLoopGroup group, Channel channel, FileDescriptor listener) {
        this.group = group;
        this.channel = channel;
        this.listener = listener;
    }

    /** The router that offers its port there, if one does. */
    public static Optional<Predecessor> find(Path socket, Transport transport) {
        if (transport == Transport.NIO || !Files.exists(socket)) {
            return Optional.empty();
        }
        EventLoopGroup group = Transport.EPOLL.group(1);
        try {
            CompletableFuture<FileDescriptor> listener = new CompletableFuture<>();
            ChannelFuture connected = new Bootstrap()
                    .group(group)
                    .channel(EpollDomainSocketChannel.class)
                    .option(EpollChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS)
                    .handler(new Receiver(listener))
                    .connect(new DomainSocketAddress(socket.toFile()));
            if (!connected.await(PATIENCE.toMillis()) || !connected.isSuccess()) {
                end(group);
                return Optional.empty(); // it has ended without a successor
            }
            FileDescriptor received = listener.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.of(new Predecessor(group, connected.channel(), received));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("a running router does not hand its port over socket={} reason={}", socket, e.toString());
        }
        end(group);
        return Optional.empty();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // its threads are daemons and own nothing any more
    private static void end(EventLoopGroup group) {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static final class Receiver extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<FileDescriptor> listener;

        Receiver(CompletableFuture<FileDescriptor> listener) {
            this.listener = listener;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
            FileDescriptor received = (FileDescriptor) message;
            if (!listener.complete(received)) {
                received.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            listener.completeExceptionally(new IOException("it has closed the connection"));
        }
    }

    FileDescriptor listener() {
        return listener;
    }

    /** The port is served: the predecessor accepts no more, and ends when its requests have. */
    public void release() {
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {Handover.SERVED}))
                .awaitUninterruptibly(PATIENCE.toMillis());
    }

    @Override
    public void close() {
        channel.close().awaitUninterruptibly(PATIENCE.toMillis());
        end(group);
    }
}
