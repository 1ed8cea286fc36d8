package io.dinp.server.http;

import io.dinp.common.http.ApiServer;
import io.dinp.common.http.Handler;
import io.dinp.common.http.Reply;
import io.dinp.common.http.Request;
import io.dinp.common.json.Json;
import io.dinp.server.core.Event;
import io.dinp.server.core.Instance;
import io.dinp.server.core.KeptFailure;
import io.dinp.server.core.Rollout;
import io.dinp.server.core.RolloutCommand;
import io.dinp.server.core.RolloutState;
import io.dinp.server.core.Situation;
import io.dinp.server.mysql.EventStore;
import io.dinp.server.mysql.ExitStore;
import io.dinp.server.mysql.NodeStore;
import io.dinp.server.mysql.RevisionStore;
import io.dinp.server.state.ClusterState;
import io.dinp.server.state.RouterRegistry;
import io.dinp.server.state.VerdictBook;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Answers the dashboard, the health monitor, and people with curl. Reads come from memory and never wait for a plan; only
 * events are read from MySQL.
 */
public final class ServerApi {

    private static final int MAX_EVENTS = 1000;
    private static final int MAX_REASON = 500;

    private final ClusterState cluster;
    private final RouterRegistry routers;
    private final VerdictBook verdicts;
    private final LongSupplier clock;
    private final PlanApi plan = new PlanApi();
    private volatile Control control;

    /** What there is only once MySQL has answered. */
    private record Control(
            Supplier<Optional<Situation>> latest,
            EventStore events,
            Runnable signal,
            NodeApi nodes,
            BiConsumer<String, RolloutCommand> command,
            BiFunction<String, String, Optional<KeptFailure>> failures,
            RevisionApi revisions,
            WhyApi why) {}

    /** Answers from the shared state; everything else is 503 until {@link #serve} has been called. */
    public ServerApi(ClusterState cluster, RouterRegistry routers, VerdictBook verdicts, LongSupplier clock) {
        this.cluster = cluster;
        this.routers = routers;
        this.verdicts = verdicts;
        this.clock = clock;
    }

    /**
     * Gives the API what the control loop knows.
     *
     * @param latest what the last plan was made from
     * @param events what was decided
     * @param exits how instances ended
     * @param signal asks for a look at the desired state and a plan, now
     * @param nodes where what is wished of nodes is stored
     * @param forgetNode has the node of an event dropped from what is stored
     * @param command says something to the deploy of an app
     * @param failures why a revision of an app was given up
     * @param revisions the revisions of the last deploys
     */
    public void serve(
            Supplier<Optional<Situation>> latest,
            EventStore events,
            ExitStore exits,
            Runnable signal,
            NodeStore nodes,
            Consumer<Event> forgetNode,
            BiConsumer<String, RolloutCommand> command,
            BiFunction<String, String, Optional<KeptFailure>> failures,
            RevisionStore revisions) {
        control = new Control(
                latest,
                events,
                signal,
                new NodeApi(cluster, nodes, forgetNode, signal, clock),
                command,
                failures,
                new RevisionApi(revisions, signal),
                new WhyApi(events, exits));
    }

    /** Registers all paths. */
    public ApiServer routes(ApiServer http) {
        return http.get("/nodes", request -> NodeApi.list(cluster, situation(), clock.getAsLong()))
                .delete("/nodes/{ip}", ofNode((nodes, request) -> nodes.forget(request)))
                .post("/nodes/{ip}/cordon", ofNode(NodeApi::cordon))
                .post("/nodes/{ip}/uncordon", ofNode(NodeApi::uncordon))
                .post("/nodes/{ip}/drain", ofNode(NodeApi::drain))
                .get("/real", request -> Reply.json(200, RealView.real(cluster.heard())))
                .get("/app/{name}", this::app)
                .get("/status/{name}", this::status)
                .get("/events", this::events)
                .get("/routers", request -> routers())
                .post("/signal", request -> signal())
                .post("/instance/{id}/replace", this::replace)
                .get(
                        "/app/{name}/why",
                        request ->
                                withSituation(request, (r, s) -> control.why().why(r, s)))
                .get(
                        "/app/{name}/exits",
                        request ->
                                withSituation(request, (r, s) -> control.why().exits(r, s)))
                .post("/plan", request -> withSituation(request, plan::plan))
                .get("/app/{name}/revisions", request -> ofApp(request, this::revisions))
                .post("/app/{name}/rollback", request -> ofApp(request, this::rollBack))
                .post("/app/{name}/cancel", saying(RolloutCommand.CANCEL))
                .post("/app/{name}/pause", saying(RolloutCommand.PAUSE))
                .post("/app/{name}/resume", saying(RolloutCommand.RESUME));
    }

    private static Reply notYet() {
        return Reply.error(503, "the server has not read the desired state yet; try again in a moment");
    }

    private Optional<Situation> situation() {
        Control known = control;
        return known == null ? Optional.empty() : known.latest().get();
    }

    /** Answers a request about a node. */
    private interface NodeHandler {
        Reply handle(NodeApi nodes, Request request) throws SQLException;
    }

    private Handler ofNode(NodeHandler handler) {
        return request -> {
            Control known = control;
            return known == null ? notYet() : handler.handle(known.nodes(), request);
        };
    }

    private Reply app(Request request) {
        String name = request.pathVar("name");
        Optional<Situation> situation = situation();
        if (situation.isEmpty()) {
            return notYet();
        }
        List<RealView.Container> containers = RealView.containersOf(name, cluster.heard());
        boolean known = situation.get().desired().apps().containsKey(name) || !containers.isEmpty();
        return known ? Reply.json(200, containers) : unknownApp(name);
    }

    /** Answers a request about an app that somebody wants; its rollout is null before the first plan with it. */
    private interface AppHandler {
        Reply handle(Request request, Rollout rollout) throws SQLException;
    }

    private Reply ofApp(Request request, AppHandler handler) throws SQLException {
        String name = request.pathVar("name");
        Optional<Situation> situation = situation();
        if (situation.isEmpty()) {
            return notYet();
        }
        if (!situation.get().desired().apps().containsKey(name)) {
            return unknownApp(name);
        }
        return handler.handle(request, situation.get().progress().rollouts().get(name));
    }

    /** Answers a request from the last situation. */
    private interface SituationHandler {
        Reply handle(Request request, Situation situation) throws SQLException;
    }

    private Reply withSituation(Request request, SituationHandler handler) throws SQLException {
        Optional<Situation> situation = situation();
        return situation.isEmpty() ? notYet() : handler.handle(request, situation.get());
    }

    private Handler saying(RolloutCommand command) {
        return request -> ofApp(request, (r, rollout) -> command(r, rollout, command));
    }

    private Reply revisions(Request request, Rollout rollout) throws SQLException {
        return control.revisions().list(request.pathVar("name"), rollout);
    }

    private Reply rollBack(Request request, Rollout rollout) throws SQLException {
        return control.revisions().rollBack(request.pathVar("name"), rollout, request);
    }

    private Reply command(Request request, Rollout rollout, RolloutCommand command) {
        String name = request.pathVar("name");
        if (rollout == null || rollout.state() != RolloutState.ROLLING) {
            return Reply.error(409, "no deploy of " + name + " is under way");
        }
        control.command().accept(name, command);
        return Reply.json(202, Map.of("msg", ""));
    }

    private Reply status(Request request) {
        String name = request.pathVar("name");
        Optional<Situation> situation = situation();
        if (situation.isEmpty()) {
            return notYet();
        }
        return StatusView.of(name, situation.get(), control.failures())
                .map(view -> Reply.json(200, view))
                .orElseGet(() -> unknownApp(name));
    }

    static Reply unknownApp(String name) {
        return Reply.error(404, "there is no app " + name);
    }

    private Reply events(Request request) throws SQLException {
        Control known = control;
        if (known == null) {
            return notYet();
        }
        List<Event> events =
                known.events().newest(request.query("app", ""), request.query("limit", 100, 1, MAX_EVENTS));
        return Reply.json(200, events);
    }

    /** A router with its lease, when it holds one. */
    private record RouterView(String id, long lastSeen, boolean live, String epoch, long version) {}

    private Reply routers() {
        Optional<Situation> situation = situation();
        if (situation.isEmpty()) {
            return notYet();
        }
        var leases = situation.get().routes().leases();
        SortedMap<String, Long> all = new TreeMap<>(routers.all());
        List<RouterView> views = new ArrayList<>();
        all.forEach((id, at) -> {
            var lease = leases.get(id);
            views.add(new RouterView(
                    id, at, lease != null, lease == null ? "" : lease.epoch(), lease == null ? 0 : lease.version()));
        });
        return Reply.json(200, views);
    }

    private Reply signal() {
        Control known = control;
        if (known != null) {
            known.signal().run();
        }
        return Reply.json(202, Map.of("msg", ""));
    }

    /**
     * The body of a wish to replace an instance.
     *
     * @param restart whether a person asks, of an instance that is well; else the health monitor calls it sick
     */
    private record Wish(String reason, boolean restart) {

        String why() {
            String text = reason == null || reason.isBlank() ? "no reason given" : reason;
            return text.length() > MAX_REASON ? text.substring(0, MAX_REASON) : text;
        }
    }

    private Reply replace(Request request) {
        Optional<Instance> instance = cluster.find(request.pathVar("id"));
        if (instance.isEmpty() || !instance.get().live()) {
            return Reply.error(404, "no instance " + request.pathVar("id") + " runs");
        }
        Wish wish = wish(request.body());
        Optional<String> refusal = wish.restart()
                ? verdicts.ask(instance.get(), wish.why(), clock.getAsLong())
                : verdicts.judge(instance.get(), wish.why(), clock.getAsLong());
        if (refusal.isPresent()) {
            return Reply.error(409, refusal.get());
        }
        return signal();
    }

    private static Wish wish(byte[] body) {
        try {
            Wish wish = body.length == 0 ? null : Json.read(body, Wish.class);
            return wish == null ? new Wish("", false) : wish;
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "body must be JSON {\"reason\":\"…\",\"restart\":false}: " + e.getMessage(), e);
        }
    }
}
