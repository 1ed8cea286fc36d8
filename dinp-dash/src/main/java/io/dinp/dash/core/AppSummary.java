package io.dinp.dash.core;

import io.dinp.common.model.AppStatus;

/**
 * An app with what became of its last deploy, for lists.
 *
 * @param rollout state of the table {@code rollout}, empty when the server has not looked at the app yet
 * @param reason the server's words, may be empty
 */
public record AppSummary(App app, String rollout, String reason) {

    /** One word for the badge: {@code new stopped waiting rolling failed running}. */
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
        return switch (rollout) {
            case "rolling" -> "rolling";
            case "done" -> "running";
            default -> "waiting";
        };
    }

    /** Why it failed or what it waits for; empty when all is well. */
    public String why() {
        if (!reason.isEmpty() || !state().equals("failed")) {
            return state().equals("running") ? "" : reason;
        }
        return switch (app.status()) {
            case 1 -> "the container could not be created";
            case 2 -> "the image could not be pulled";
            case 3 -> "the app did not start";
            default -> "the deploy failed";
        };
    }
}
