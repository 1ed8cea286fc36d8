package io.dinp.router.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Optional;

/**
 * The sockets of the machine: Linux's own where its library loads, Java's elsewhere. Linux's io_uring is taken only when it is asked for:
 * many machines forbid it, and its listening socket cannot be inherited.
 */
public enum Transport {
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
    IO_URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class),
    NIO(NioServerSocketChannel.class, NioSocketChannel.class);

    private static final int PROBE_AFTER_SECONDS = 10;
    private static final int PROBE_EVERY_SECONDS = 3;
    private static final int PROBES = 3;
    private static final int ETIMEDOUT = 110;

    private final Class<? extends ServerSocketChannel> listener;
    private final Class<? extends SocketChannel> socket;

    Transport(Class<? extends ServerSocketChannel> listener, Class<? extends SocketChannel> socket) {
        this.listener = listener;
        this.socket = socket;
    }

    /** The first choice of this machine. */
    public static Transport best() {
        return EPOLL.isAvailable() ? EPOLL : NIO;
    }

    /**
     * The transport of that name in the configuration: {@code auto}, {@code epoll}, {@code io_uring} or {@code nio}.
     *
     * @throws IllegalArgumentException when there is none of the name, or this machine does not have it
     */
    public static Transport named(String name) {
        Transport transport = switch (name) {
            case "auto" -> best();
            case "epoll" -> EPOLL;
            case "io_uring" -> IO_URING;
            case "nio" -> NIO;
            default -> throw new IllegalArgumentException("use auto, epoll, io_uring or nio");
        };
        transport.obstacle().ifPresent(cause -> {
            throw new IllegalArgumentException("this machine does not offer it (" + cause + "); use auto");
        });
        return transport;
    }

    /** Whether this machine has it. */
    boolean isAvailable() {
        return obstacle().isEmpty();
    }

    private Optional<Throwable> obstacle() {
        return switch (this) {
            case EPOLL -> Optional.ofNullable(Epoll.unavailabilityCause());
            case IO_URING -> Optional.ofNullable(IoUring.unavailabilityCause());
            case NIO -> Optional.empty();
        };
    }

    EventLoopGroup group(int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory("proxy"),
                switch (this) {
                    case EPOLL -> EpollIoHandler.newFactory();
                    case IO_URING -> IoUringIoHandler.newFactory();
                    case NIO -> NioIoHandler.newFactory();
                });
    }

    Class<? extends ServerSocketChannel> listener() {
        return listener;
    }

    Class<? extends SocketChannel> socket() {
        return socket;
    }

    /**
     * Has the kernel ask a machine that has been silent for long whether it is still there: nothing else ends the wait for an answer of one
     * that has lost its power (RFC 1122, 4.2.3.6).
     */
    void probeSilent(Bootstrap connections) {
        connections.option(ChannelOption.SO_KEEPALIVE, true);
        switch (this) {
            case EPOLL ->
                connections
                        .option(EpollChannelOption.TCP_KEEPIDLE, PROBE_AFTER_SECONDS)
                        .option(EpollChannelOption.TCP_KEEPINTVL, PROBE_EVERY_SECONDS)
                        .option(EpollChannelOption.TCP_KEEPCNT, PROBES);
            case IO_URING ->
                connections
                        .option(IoUringChannelOption.TCP_KEEPIDLE, PROBE_AFTER_SECONDS)
                        .option(IoUringChannelOption.TCP_KEEPINTVL, PROBE_EVERY_SECONDS)
                        .option(IoUringChannelOption.TCP_KEEPCNT, PROBES);
            case NIO -> {
                // The machine's own times, two hours as a rule.
            }
        }
    }

    /**
     * Has the kernel give a connection up when what was sent on it is not acknowledged in that time (RFC 5482). Java's own sockets know no
     * such limit.
     */
    void limitSilence(Channel connection, int millis) {
        if (this != NIO) {
            connection
                    .config()
                    .setOption(
                            this == EPOLL ? EpollChannelOption.TCP_USER_TIMEOUT : IoUringChannelOption.TCP_USER_TIMEOUT,
                            millis);
        }
    }

    /** Whether a connection ended because its other side's machine stayed silent. */
    static boolean isSilence(Throwable end) {
        return end instanceof Errors.NativeIoException failure && failure.expectedErr() == -ETIMEDOUT;
    }
}
