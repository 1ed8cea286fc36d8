package io.dinp.dash.core;

import io.dinp.common.model.AppName;

/** What the form "create app" asks for; an empty image leaves the first deploy for later. */
public record NewApp(AppName name, int teamId, String health, Deployment first) {}
