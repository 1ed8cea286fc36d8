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
import io.netty.util.concurrent.DefaultThreadFactory;

/** The sockets of the machine: Linux's own where its library loads, Java's elsewhere. */
public enum Transport {
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
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

    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    EventLoopGroup group(int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads,
                new DefaultThreadFactory("proxy"),
                this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
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
        if (this == EPOLL) {
            connections
                    .option(EpollChannelOption.TCP_KEEPIDLE, PROBE_AFTER_SECONDS)
                    .option(EpollChannelOption.TCP_KEEPINTVL, PROBE_EVERY_SECONDS)
                    .option(EpollChannelOption.TCP_KEEPCNT, PROBES);
        }
    }

    /**
     * Has the kernel give a connection up when what was sent on it is not acknowledged in that time (RFC 5482). Java's own sockets know no
     * such limit.
     */
    void limitSilence(Channel connection, int millis) {
        if (this == EPOLL) {
            connection.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, millis);
        }
    }

    /** Whether a connection ended because its other side's machine stayed silent. */
    static boolean isSilence(Throwable end) {
        return end instanceof Errors.NativeIoException failure && failure.expectedErr() == -ETIMEDOUT;
    }
}
