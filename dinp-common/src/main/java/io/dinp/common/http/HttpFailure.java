package io.dinp.common.http;

import java.io.IOException;

/** The other side answered, but not with success. */
public final class HttpFailure extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    public HttpFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The answer's status. */
    public int status() {
        return status;
    }
}
