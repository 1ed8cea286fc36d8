package io.dinp.agent.docker;

/** The engine does not answer: whatever was asked is undecided and is asked again when it is back. */
public final class DockerAway extends Exception {
    private static final long serialVersionUID = 1;

    DockerAway(String reason, Throwable cause) {
        super(reason, cause);
    }
}
