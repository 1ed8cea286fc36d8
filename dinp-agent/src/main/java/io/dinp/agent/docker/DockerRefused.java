package io.dinp.agent.docker;

/** The engine has answered, and the answer is no; the message is the engine's own. */
public final class DockerRefused extends Exception {
    private static final long serialVersionUID = 1;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final int status;

    DockerRefused(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** Whether the thing does not exist. */
    public boolean notFound() {
        return status == NOT_FOUND;
    }

    /** Whether something of that name exists, or the thing is in no state for it. */
    public boolean conflict() {
        return status == CONFLICT;
    }

    /** Whether somebody else holds the host port; the engine tells it only in words. */
    public boolean portTaken() {
        return getMessage().contains("port is already allocated")
                || getMessage().contains("address already in use");
    }
}
