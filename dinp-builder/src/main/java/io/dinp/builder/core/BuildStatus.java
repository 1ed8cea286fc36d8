package io.dinp.builder.core;

/** The texts of the column {@code build.status}; they are the contract with everybody who reads that table. */
public final class BuildStatus {
    /** Accepted, waits for a worker. */
    public static final String SAVED = "saved in db";

    public static final String BUILDING = "building";
    public static final String PUSHING = "pushing";
    public static final String SUCCESSFUL = "successfully";

    private static final String FAILED = "failed: ";
    private static final int COLUMN_WIDTH = 255;

    private BuildStatus() {}

    /**
     * The status of a build that failed for {@code cause}, made to fit the column: one line, and no character that a table of
     * the original, with three bytes for each, would refuse time and again.
     */
    public static String failed(String cause) {
        String text = FAILED + cause.strip().replaceAll("[\\s\\p{Cntrl}]+", " ").replaceAll("[^\\x{0}-\\x{FFFF}]", "?");
        return text.length() <= COLUMN_WIDTH ? text : text.substring(0, COLUMN_WIDTH - 1) + "…";
    }

    /** Whether nothing more happens to a build of this status. */
    public static boolean isFinal(String status) {
        return status.equals(SUCCESSFUL) || status.startsWith("failed");
    }
}
