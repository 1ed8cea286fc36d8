package io.dinp.builder.web;

import java.util.List;

/** Ends a request with a status and messages for the person who sent it. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<String> messages;

    Refusal(int status, List<String> messages) {
        super(String.join("; ", messages), null, false, false);
        this.status = status;
        this.messages = messages;
    }

    Refusal(int status, String message) {
        this(status, List.of(message));
    }

    /** What does not exist, or is somebody else's: the answer must not tell which. */
    static Refusal notFound() {
        return new Refusal(404, "there is no such page");
    }

    int status() {
        return status;
    }

    List<String> messages() {
        return messages;
    }
}
