package io.dinp.router.wire;

/** A message that must not be passed on, with the status its sender gets. Carries no stack: senders of such messages are not our bugs. */
public final class BadMessage extends RuntimeException {
    private final int status;

    public BadMessage(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    static BadMessage badRequest(String reason) {
        return new BadMessage(400, reason);
    }

    public int status() {
        return status;
    }
}
