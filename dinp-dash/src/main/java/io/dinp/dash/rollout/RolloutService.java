package io.dinp.dash.rollout;

import io.dinp.dash.core.App;
import io.dinp.dash.node.Live;
import io.dinp.dash.node.ServerClient;
import io.dinp.web.Refusal;
import java.util.Locale;
import java.util.Map;

/** Orders about one app's deploy and instances; the server takes any instance, so what belongs to the app is checked here. */
public final class RolloutService {
    /** What can be said to a deploy. */
    public enum Command {
        CANCEL,
        PAUSE,
        RESUME
    }

    private final ServerClient server;

    public RolloutService(ServerClient server) {
        this.server = server;
    }

    /** Says {@code command} to the deploy of {@code app} that is under way. */
    public void say(App app, Command command) {
        server.order(null, "app", app.name(), command.name().toLowerCase(Locale.ROOT));
    }

    /** Has one instance replaced by a new one, which serves before the old one goes. */
    public void replace(App app, String instance, String userName) {
        Live live = server.status(app.name());
        if (!live.away().isEmpty()) {
            throw Refusal.unavailable(live.away());
        }
        if (live.app().instances().stream().noneMatch(i -> i.instance().equals(instance))) {
            throw Refusal.notFound();
        }
        server.order(
                Map.of("reason", "restart asked for by " + userName, "restart", true), "instance", instance, "replace");
    }
}
