package io.dinp.builder.core;

/** Ends a build with a cause that its user reads, so the message says what went wrong and, where there is one, the remedy. */
public final class BuildFailed extends Exception {
    private static final long serialVersionUID = 1L;

    public BuildFailed(String cause) {
        super(cause);
    }

    public BuildFailed(String cause, Throwable reason) {
        super(cause, reason);
    }
}
