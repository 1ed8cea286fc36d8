package io.dinp.dash.node;

import io.dinp.dash.core.App;
import io.dinp.dash.core.Deployment;
import io.dinp.dash.core.Forecast;
import java.util.Map;

/** Questions to the server's planner, which answers from what runs now and does nothing. */
public final class WhatIf {
    private final ServerClient server;

    public WhatIf(ServerClient server) {
        this.server = server;
    }

    /** What would be done if the node {@code ip} died now. */
    public Told<Forecast> died(String ip) {
        return ask(Map.of("nodeDown", ip));
    }

    /** What would be done for this deploy of {@code app}, without a word about other apps. */
    public Told<Forecast> deployed(App app, Deployment wanted) {
        Told<Forecast> told = ask(Map.of(
                "app", app.name(), "image", wanted.image(), "memory", wanted.memory(), "instances", wanted.instance()));
        return told.isKnown() ? new Told<>(told.what().of(app.name())) : told;
    }

    private Told<Forecast> ask(Map<String, ?> question) {
        return server.question(question, Forecast.class, "plan");
    }
}
