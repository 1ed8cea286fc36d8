package io.dinp.dash.core;

/** One environment variable of an app. */
public record EnvVar(int id, int appId, String appName, String k, String v) {}
