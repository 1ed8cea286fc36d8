package io.dinp.dash.core;

/** What the server's words for the stages of a start mean to whoever wrote the app. */
public final class Stage {
    private Stage() {}

    /** What was going on at {@code stage}, to come after "failed"; a word that is not known stays as it is. */
    public static String words(String stage) {
        return switch (stage) {
            case "pull" -> "while the image was pulled";
            case "create" -> "while the container was created";
            case "start" -> "while the container was started";
            case "ready" -> "because it did not become ready in time";
            case "exit" -> "because the app ended by itself";
            case "health" -> "because of its health check";
            case "deadline" -> "because it made no progress in time";
            case "cancel" -> "because it was cancelled";
            case "" -> "";
            default -> "at " + stage;
        };
    }
}
