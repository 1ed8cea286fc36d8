package io.dinp.agent.http;

import io.dinp.agent.core.Reports;
import io.dinp.agent.docker.DockerAway;
import io.dinp.agent.images.ImagePulls;
import io.dinp.agent.instances.Instances;
import io.dinp.common.http.ApiServer;
import io.dinp.common.http.BadRequest;
import io.dinp.common.http.Reply;
import io.dinp.common.http.Request;
import io.dinp.common.json.Json;
import io.dinp.common.model.AppName;
import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.ImageOrder;
import io.dinp.common.model.ImageRef;
import io.dinp.common.model.InstanceSpec;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Orders and questions about instances. An order of an instance is answered with 202 once it is in the journal on disk, so an answer that is
 * lost can be asked for again; everything but {@code /health} needs the bearer token.
 */
public final class AgentApi {
    private static final int DEFAULT_GRACE_SECONDS = 30;
    private static final int MAX_GRACE_SECONDS = 3600;
    private static final int DEFAULT_LINES = 100;
    private static final int MAX_LINES = 5000;
    private static final int MIN_MEMORY_MB = 6;
    private static final int MAX_TEXT = 255;
    private static final String DIGEST = "sha256:[0-9a-f]{64}";

    private final Instances instances;
    private final ImagePulls images;
    private final String cluster;
    private final LongSupplier steadyMillis;

    /**
     * For the instances of the cluster, and the images that are to be ready for them.
     *
     * @param steadyMillis the clock of the beats, by which orders say until when they hold
     */
    public AgentApi(Instances instances, ImagePulls images, String cluster, LongSupplier steadyMillis) {
        this.instances = instances;
        this.images = images;
        this.cluster = cluster;
        this.steadyMillis = steadyMillis;
    }

    /** Adds the paths to the server. */
    public void serve(ApiServer server) {
        server.get("/instances", request -> list())
                .put("/instances/{instance}", this::put)
                .delete("/instances/{instance}", this::delete)
                .get("/instances/{instance}/logs", this::logs)
                .put("/images", this::image);
    }

    private Reply list() {
        List<ContainerReport> reports = instances.entries().stream()
                .map(entry -> Reports.container(entry, cluster, Map.of()))
                .sorted(Comparator.comparing(ContainerReport::instance))
                .toList();
        return Reply.json(200, Map.of("instances", reports));
    }

    private Reply put(Request request) {
        if (isLate(request)) {
            return late(request);
        }
        InstanceSpec spec = body(request, InstanceSpec.class);
        check(request.pathVar("instance"), spec);
        return switch (instances.put(spec)) {
            case ACCEPTED, KNOWN -> Reply.json(202, Map.of("msg", ""));
            case CONFLICT -> Reply.error(409, "instance " + spec.instance() + " is another order already");
        };
    }

    /**
     * Whether its sender has given the order up: then it has counted on what the instance does without it, and may have stopped
     * others. An order without a limit is never late.
     */
    private boolean isLate(Request request) {
        long until = request.query("until", Long.MAX_VALUE, 0L, Long.MAX_VALUE);
        return steadyMillis.getAsLong() > until;
    }

    private static Reply late(Request request) {
        return Reply.error(
                409, "the order about instance " + request.pathVar("instance") + " came after it had been given up");
    }

    private Reply delete(Request request) {
        if (isLate(request)) {
            return late(request);
        }
        int grace = request.query("grace", DEFAULT_GRACE_SECONDS, 0, MAX_GRACE_SECONDS);
        boolean known = instances.stop(request.pathVar("instance"), grace);
        return known ? Reply.json(202, Map.of("msg", "")) : Reply.empty(204);
    }

    private Reply logs(Request request) throws InterruptedException {
        int lines = request.query("lines", DEFAULT_LINES, 1, MAX_LINES);
        try {
            return instances
                    .logs(request.pathVar("instance"), lines)
                    .map(all -> Reply.text(200, String.join("\n", all)))
                    .orElseGet(() -> Reply.error(404, "there is no instance " + request.pathVar("instance")));
        } catch (DockerAway e) {
            return Reply.error(503, e.getMessage());
        }
    }

    private Reply image(Request request) {
        ImageOrder order = body(request, ImageOrder.class);
        ImageRef.parse(order.image());
        AppName.of(order.app());
        if (!order.digest().isEmpty() && !order.digest().matches(DIGEST)) {
            throw new IllegalArgumentException("digest \"" + order.digest() + "\" is no sha256:… and not empty");
        }
        if (order.revision().length() > MAX_TEXT || order.wish().length() > MAX_TEXT) {
            throw new IllegalArgumentException("revision and wish may have " + MAX_TEXT + " characters");
        }
        return images.put(order)
                ? Reply.json(202, Map.of("msg", ""))
                : Reply.error(503, "too many images are on their way, order " + order.image() + " again");
    }

    private static <T> T body(Request request, Class<T> type) {
        try {
            return Optional.ofNullable(Json.read(request.body(), type))
                    .orElseThrow(() -> new IllegalArgumentException("the body is no order: it is null"));
        } catch (IOException e) {
            throw new BadRequest("the body is no order: " + e.getMessage(), e);
        }
    }

    private static void check(String instance, InstanceSpec spec) {
        if (!Instances.isInstanceId(spec.instance()) || !spec.instance().equals(instance)) {
            throw new IllegalArgumentException("instance \"" + spec.instance() + "\" is no id or not that of the path");
        }
        AppName.of(spec.app());
        ImageRef.parse(spec.image());
        if (spec.memoryMb() < MIN_MEMORY_MB) {
            throw new IllegalArgumentException(
                    "memoryMb " + spec.memoryMb() + " is too small, Docker wants at least " + MIN_MEMORY_MB);
        }
        if (spec.startupSeconds() < 1) {
            throw new IllegalArgumentException("startupSeconds " + spec.startupSeconds() + " must be at least 1");
        }
    }
}
