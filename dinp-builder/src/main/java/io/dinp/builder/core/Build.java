package io.dinp.builder.core;

/**
 * A row of the table {@code build}.
 *
 * @param status one of {@link BuildStatus}
 * @param createAt epoch milliseconds
 * @param finishedAt epoch milliseconds, 0 while it runs
 * @param logPath file name of the log within the log directory
 */
public record Build(
        long id,
        String app,
        String version,
        String resume,
        String base,
        String image,
        String tarball,
        String repo,
        String branch,
        String status,
        int userId,
        String userName,
        long createAt,
        long finishedAt,
        String logPath) {

    /** Whether nothing more happens to this build. */
    public boolean isFinished() {
        return BuildStatus.isFinal(status);
    }

    /** Whether this build made its image and pushed it. */
    public boolean isSuccessful() {
        return status.equals(BuildStatus.SUCCESSFUL);
    }
}
