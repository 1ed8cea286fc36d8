package io.dinp.server.http;

import io.dinp.common.model.AppReport;
import io.dinp.common.model.AppStatus;
import io.dinp.server.core.DesiredApp;
import io.dinp.server.core.Failure;
import io.dinp.server.core.Instance;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.NodeView;
import io.dinp.server.core.Rollout;
import io.dinp.server.core.RolloutState;
import io.dinp.server.core.Situation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;

/** Makes of the situation what the dashboard shows of an app: what is wanted, how far it is, and each instance. */
final class StatusView {
    private StatusView() {}

    /**
     * The report on an app, empty when nobody wants it and nothing of it is left.
     *
     * @param failures why a revision of an app was given up
     */
    static Optional<AppReport> of(
            String app, Situation situation, BiFunction<String, String, Optional<KeptFailure>> failures) {
        DesiredApp desired = situation.desired().apps().get(app);
        Rollout rollout = situation.progress().rollouts().get(app);
        List<AppReport.Instance> instances = instances(app, situation);
        if (desired == null && rollout == null && instances.isEmpty()) {
            return Optional.empty();
        }
        int wanted = desired == null ? 0 : desired.instances();
        if (rollout == null) {
            return Optional.of(
                    new AppReport(app, wanted, "", "", AppStatus.OK.code(), "", "", false, null, 0, 0, instances));
        }
        return Optional.of(new AppReport(
                app,
                wanted,
                rollout.state().text(),
                rollout.reason(),
                rollout.status(),
                shortId(rollout.target()),
                shortId(rollout.lastGood()),
                rollout.paused(),
                rollout.state() == RolloutState.FAILED
                        ? failures.apply(app, rollout.target())
                                .map(StatusView::failure)
                                .orElse(null)
                        : null,
                rollout.crashes(),
                rollout.nextStart() <= situation.now() ? 0 : rollout.nextStart(),
                instances));
    }

    private static AppReport.Failure failure(KeptFailure kept) {
        Failure failure = kept.failure();
        return new AppReport.Failure(
                failure.at(),
                failure.stage(),
                failure.reason(),
                failure.node(),
                failure.instance(),
                failure.exitCode(),
                failure.oomKilled(),
                kept.log());
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
