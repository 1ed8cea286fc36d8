package io.dinp.common.model;

/** What {@code app.status} says of the last deploy, with the original's codes. */
public enum AppStatus {
    /** The wanted revision serves, or is on its way. */
    OK(0),
    /** A container could not be created. */
    CREATE_FAILED(1),
    /** The image could not be pulled. */
    PULL_FAILED(2),
    /** A container could not be started, ended at once, or never became ready. */
    START_FAILED(3);

    private final int code;

    AppStatus(int code) {
        this.code = code;
    }

    /** The number in the column. */
    public int code() {
        return code;
    }

    /** The status of a column's number; an unknown one counts as a failed start, so that nothing is tried blindly. */
    public static AppStatus of(int code) {
        for (AppStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return START_FAILED;
    }
}
