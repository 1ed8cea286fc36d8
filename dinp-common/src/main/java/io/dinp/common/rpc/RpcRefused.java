package io.dinp.common.rpc;

import java.io.IOException;

/** The server answered with an error: the call arrived, and was refused. */
public final class RpcRefused extends IOException {
    private static final long serialVersionUID = 1L;

    public RpcRefused(String message) {
        super(message);
    }
}
