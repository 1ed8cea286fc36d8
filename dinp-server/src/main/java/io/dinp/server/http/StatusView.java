package io.dinp.server.http;

import io.dinp.common.model.AppReport;
import io.dinp.common.model.AppStatus;
import io.dinp.server.core.DesiredApp;
import io.dinp.server.core.Instance;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.Rollout;
import io.dinp.server.core.Situation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Makes of the situation what the dashboard shows of an app: what is wanted, how far it is, and each instance. */
final class StatusView {
    private StatusView() {}

    /** The report on an app, empty when nobody wants it and nothing of it is left. */
    static Optional<AppReport> of(String app, Situation situation) {
        DesiredApp desired = situation.desired().apps().get(app);
        Rollout rollout = situation.progress().rollouts().get(app);
        List<AppReport.Instance> instances = instances(app, situation);
        if (desired == null && rollout == null && instances.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new AppReport(
                app,
                desired == null ? 0 : desired.instances(),
                rollout == null ? "" : rollout.state().text(),
                rollout == null ? "" : rollout.reason(),
                rollout == null ? AppStatus.OK.code() : rollout.status(),
                rollout == null ? "" : shortId(rollout.target()),
                rollout == null ? "" : shortId(rollout.lastGood()),
                rollout == null ? 0 : rollout.crashes(),
                rollout == null || rollout.nextStart() <= situation.now() ? 0 : rollout.nextStart(),
                instances));
    }

    private static List<AppReport.Instance> instances(String app, Situation situation) {
        List<String> routed = situation
                .routes()
                .table()
                .apps()
                .getOrDefault(situation.naming().keyOf(app), List.of());
        List<AppReport.Instance> views = new ArrayList<>();
        for (NodeView node : situation.real().nodes().values()) {
            node.instances().stream()
                    .filter(i -> i.app().equals(app))
                    .sorted(Comparator.comparing(Instance::id))
                    .forEach(i -> views.add(view(i, routed, situation)));
        }
        return views;
    }

    private static AppReport.Instance view(Instance i, List<String> routed, Situation situation) {
        return new AppReport.Instance(
                i.id(),
                i.node(),
                i.address(),
                shortId(i.revision()),
                i.image(),
                i.state().name().toLowerCase(Locale.ROOT),
                i.ready(),
                routed.contains(i.address()),
                situation.progress().draining().contains(i.id()),
                i.fallen() ? i.cause() : i.reason(),
                i.startedAt(),
                i.memoryMb());
    }

    private static String shortId(String id) {
        return id.length() > 8 ? id.substring(0, 8) : id;
    }
}
