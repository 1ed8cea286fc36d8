package io.dinp.common.http;

/** Answers one request of an {@link ApiServer}. */
@FunctionalInterface
public interface Handler {
    /** An {@link IllegalArgumentException} or {@link BadRequest} becomes a 400 with its message, anything else a 500 without. */
    Reply handle(Request request) throws Exception;
}
