package io.dinp.dash.core;

import io.dinp.common.model.AppReport;
import io.dinp.common.model.AppStatus;

/**
 * An app with what became of its last deploy, for lists.
 *
 * @param rollout state of the table {@code rollout}, empty when the server has not looked at the app yet
 * @param reason the server's words, may be empty
 * @param paused whether somebody has paused the deploy
 * @param crashing whether crashed instances wait for their next start
 */
public record AppSummary(App app, String rollout, String reason, boolean paused, boolean crashing) {
    private static final String BAKING = "baking";

    /** The same with what the server says at this moment, which comes to the table a little later; it may know nothing. */
    public AppSummary now(AppReport said, boolean crashesNow) {
        return said.state().isEmpty()
                ? this
                : new AppSummary(app, said.state(), said.reason(), said.paused(), crashesNow);
    }

    /** One word for the badge: {@code new stopped failed crashing paused baking waiting rolling running}. */
    public String state() {
        if (!app.isDeployed()) {
            return "new";
        }
        if (app.status() != AppStatus.OK.code() || rollout.equals("failed")) {
            return "failed";
        }
        if (app.instance() == 0) {
            return "stopped";
        }
        if (crashing) {
            return "crashing";
        }
        return switch (rollout) {
            case "rolling" -> rolling();
            case "done" -> "running";
            default -> "waiting";
        };
    }

    private String rolling() {
        if (paused) {
            return "paused";
        }
        if (reason.startsWith(BAKING)) {
            return BAKING;
        }
        return reason.isEmpty() ? "rolling" : "waiting";
    }

    /** Whether a person has to look at it. */
    public boolean isBad() {
        return state().equals("failed") || state().equals("crashing");
    }

    /** Why it failed or what it waits for; empty when all is well. */
    public String why() {
        if (!reason.isEmpty() || !state().equals("failed")) {
            return said();
        }
        return switch (app.status()) {
            case 1 -> "the container could not be created";
            case 2 -> "the image could not be pulled";
            case 3 -> "the app did not start";
            default -> "the deploy failed";
        };
    }

    /** The reason without the word that the badge shows already. */
    private String said() {
        String word = BAKING + ": ";
        return reason.startsWith(word) ? reason.substring(word.length()) : reason;
    }
}
