package io.dinp.web;

/** An answer other than success that the user is told in plain words; thrown by services and the guard alike. */
public class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;

    private final int status;

    /** A refusal with the HTTP {@code status} that says its kind. */
    public Refusal(int status, String message) {
        super(message, null, false, false);
        this.status = status;
    }

    /** What does not exist or is somebody else's: the two are not told apart on purpose. */
    public static Refusal notFound() {
        return new Refusal(NOT_FOUND, "not found");
    }

    public static Refusal forbidden(String message) {
        return new Refusal(FORBIDDEN, message);
    }

    /** The state of things is in the way, for example a name that is taken. */
    public static Refusal conflict(String message) {
        return new Refusal(CONFLICT, message);
    }

    /** Something that this daemon needs is away. */
    public static Refusal unavailable(String message) {
        return new Refusal(UNAVAILABLE, message);
    }

    public int status() {
        return status;
    }
}
