package io.dinp.common.sso;

/** Says that uic gave no usable answer, so that a service shows "sign-on is away" instead of taking the user for a stranger. */
public final class SsoUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SsoUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
