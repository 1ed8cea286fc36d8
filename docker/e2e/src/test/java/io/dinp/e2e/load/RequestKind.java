package io.dinp.e2e.load;

/** The four requests that take turns: reading and writing, on connections that stay and on ones that do not. */
enum RequestKind {
    GET_KEPT(false, true),
    GET_CLOSED(false, false),
    POST_KEPT(true, true),
    POST_CLOSED(true, false);

    static final int BODY_BYTES = 4096;

    private final boolean writes;
    private final boolean keepAlive;

    RequestKind(boolean writes, boolean keepAlive) {
        this.writes = writes;
        this.keepAlive = keepAlive;
    }

    /** The kind of the n-th request of a load. */
    static RequestKind ofTurn(int turn) {
        return values()[Math.floorMod(turn, values().length)];
    }

    boolean keepAlive() {
        return keepAlive;
    }

    /** 4 KiB that differ from request to request, so that a mixed-up answer is noticed; empty for a GET. */
    String body(int turn) {
        if (!writes) {
            return "";
        }
        String mark = turn + ";";
        return mark.repeat(BODY_BYTES / mark.length() + 1).substring(0, BODY_BYTES);
    }
}
