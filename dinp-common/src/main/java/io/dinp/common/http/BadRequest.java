package io.dinp.common.http;

/** The client's fault; its message, which names field, value and remedy, is the answer's text. */
public final class BadRequest extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BadRequest(String message, Throwable cause) {
        super(message, cause);
    }

    static BadRequest number(String field, String value, long min, long max, Throwable cause) {
        return new BadRequest(field + " '" + value + "': use a whole number from " + min + " to " + max, cause);
    }
}
