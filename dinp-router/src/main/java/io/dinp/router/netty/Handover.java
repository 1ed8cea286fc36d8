package io.dinp.router.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.FileDescriptor;

/** Gives the listening socket to a successor that asks for it, and learns from it when the port is served. */
final class Handover extends ChannelInboundHandlerAdapter {
    static final byte SERVED = 'S';

    private final FileDescriptor listener;
    private final Runnable served;

    Handover(FileDescriptor listener, Runnable served) {
        this.listener = listener;
        this.served = served;
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // a successor that is gone needs nothing
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(listener);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        try {
            if (bytes.isReadable() && bytes.readByte() == SERVED) {
                served.run();
            }
        } finally {
            bytes.release();
        }
    }
}
