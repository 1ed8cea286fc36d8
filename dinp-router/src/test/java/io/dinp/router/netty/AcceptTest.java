package io.dinp.router.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who connects while a loop is busy is not accepted one a turn, behind all that the others want meanwhile. */
class AcceptTest {

    private static final int CLIENTS = 100;
    private static final long SOON_SECONDS = 10;

    @SuppressWarnings("FutureReturnValueIgnored") // what it does completes another one
    @ParameterizedTest
    @EnumSource(
            value = Transport.class,
            names = {"EPOLL", "NIO"})
    void allThatWaitAreAcceptedInOneTurn(Transport transport) throws Exception {
        EventLoopGroup loop = transport.group(1);
        List<Socket> clients = new ArrayList<>();
        AtomicInteger accepted = new AtomicInteger();
        try {
            Channel listener = new ServerBootstrap()
                    .group(loop)
                    .channel(transport.listener())
                    .option(ChannelOption.SO_BACKLOG, 2 * CLIENTS)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, RouterServer.acceptingAll())
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                                @Override
                                public void channelActive(ChannelHandlerContext context) {
                                    accepted.incrementAndGet();
                                }
                            });
                        }
                    })
                    .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                    .sync()
                    .channel();
            CountDownLatch connected = new CountDownLatch(1);
            CompletableFuture<Integer> afterOneTurn = new CompletableFuture<>();
            loop.execute(() -> {
                await(connected);
                // Due in the turn that finds the clients, behind its reading.
                loop.schedule(() -> afterOneTurn.complete(accepted.get()), 1, TimeUnit.NANOSECONDS);
            });
            for (int i = 0; i < CLIENTS; i++) {
                clients.add(new Socket(
                        InetAddress.getLoopbackAddress(), ((InetSocketAddress) listener.localAddress()).getPort()));
            }
            connected.countDown();
            assertEquals(CLIENTS, afterOneTurn.get(SOON_SECONDS, TimeUnit.SECONDS));
        } finally {
            for (Socket client : clients) {
                client.close();
            }
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(SOON_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
