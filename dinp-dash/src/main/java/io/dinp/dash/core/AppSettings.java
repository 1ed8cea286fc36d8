package io.dinp.dash.core;

/** What can be edited without a deploy. */
public record AppSettings(int teamId, String health, RolloutWish rollout) {}
