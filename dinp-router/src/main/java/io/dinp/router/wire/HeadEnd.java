package io.dinp.router.wire;

import io.netty.buffer.ByteBuf;

/** Finds the empty line that ends a head. */
public final class HeadEnd {
    private HeadEnd() {}

    /**
     * The index behind the empty line, or -1 when it has not come yet. A bare LF ends a line here too, so that a head with bad line ends
     * is complete and can be refused at once.
     *
     * @param from where to look from: a former end of the buffer less 3, or its reader index
     */
    public static int find(ByteBuf in, int from) {
        int end = in.writerIndex();
        for (int lf = in.indexOf(from, end, Syntax.LF); lf >= 0; lf = in.indexOf(lf + 1, end, Syntax.LF)) {
            if (lf + 1 < end && in.getByte(lf + 1) == Syntax.LF) {
                return lf + 2;
            }
            if (lf + 2 < end && in.getByte(lf + 1) == Syntax.CR && in.getByte(lf + 2) == Syntax.LF) {
                return lf + 3;
            }
        }
        return -1;
    }
}
