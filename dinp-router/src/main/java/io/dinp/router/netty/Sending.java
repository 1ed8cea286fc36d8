package io.dinp.router.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;

/** What is done to a connection's sending side. Failures show as the end of the connection, so nobody waits for the futures. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Sending {
    private Sending() {}

    /** Writes without flushing. */
    static void write(ChannelHandlerContext ctx, ByteBuf bytes) {
        ctx.write(bytes, ctx.voidPromise());
    }

    static void close(ChannelHandlerContext ctx) {
        ctx.close();
    }

    /** Closes with a reset, so that the other side sees that what it got is not all. */
    static void reset(ChannelHandlerContext ctx) {
        if (ctx.channel().isActive()) {
            ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        }
        ctx.close();
    }

    /** Closes when everything written before has been sent. */
    static void closeWhenSent(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Shuts the sending side when everything written before has been sent; the other direction stays. */
    static void shutWhenSent(ChannelHandlerContext ctx) {
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> {
            if (ctx.channel() instanceof DuplexChannel channel) {
                channel.shutdownOutput();
            } else {
                ctx.close();
            }
        });
    }
}
