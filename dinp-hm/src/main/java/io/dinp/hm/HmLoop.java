package io.dinp.hm;

import io.dinp.common.daemon.Health;
import io.dinp.hm.core.Book;
import io.dinp.hm.core.HealthJudge;
import io.dinp.hm.core.Policy;
import io.dinp.hm.core.Probe;
import io.dinp.hm.core.Target;
import io.dinp.hm.core.Verdict;
import io.dinp.hm.core.Verdict.Replacement;
import io.dinp.hm.http.HealthProber;
import io.dinp.hm.http.ServerClient;
import io.dinp.hm.mysql.HealthPaths;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One round of the monitor after the other: what is to be watched, how it answers, what the judge makes of it. */
public final class HmLoop {
    private static final Logger LOG = LoggerFactory.getLogger(HmLoop.class);
    private static final String MYSQL = "mysql";
    private static final String SERVER = "server";
    private static final String JUDGE = "judge";

    private final HealthPaths paths;
    private final ServerClient server;
    private final HealthProber prober;
    private final Policy policy;
    private final Health health;
    private final Clock clock;
    private final Map<String, String> refusals = new HashMap<>();
    private Book book = Book.EMPTY;

    public HmLoop(
            HealthPaths paths, ServerClient server, HealthProber prober, Policy policy, Health health, Clock clock) {
        this.paths = paths;
        this.server = server;
        this.prober = prober;
        this.policy = policy;
        this.health = health;
        this.clock = clock;
    }

    /** One round. When MySQL or the server is away nothing is judged. */
    public void tick() {
        Optional<List<Target>> targets = targets();
        if (targets.isEmpty()) {
            return;
        }
        try {
            List<Probe> probes = prober.probe(targets.get());
            Verdict verdict = HealthJudge.judge(book, probes, policy, clock.instant());
            book = verdict.book();
            tellSickness(verdict);
            refusals.keySet().retainAll(book.entries().keySet());
            verdict.replacements().forEach(this::ask);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<List<Target>> targets() {
        try {
            Map<String, String> pathOf = paths.read();
            health.ok(MYSQL);
            List<Target> targets = server.instances().stream()
                    .filter(instance -> HealthProber.isPath(pathOf.getOrDefault(instance.app(), "")))
                    .map(i -> new Target(i.app(), i.id(), i.ip(), i.port(), pathOf.get(i.app())))
                    .toList();
            health.ok(SERVER);
            return Optional.of(targets);
        } catch (SQLException e) {
            health.problem(MYSQL, "MySQL does not answer: " + e.getMessage());
        } catch (IOException e) {
            health.problem(SERVER, "the server does not answer: " + e.getMessage());
        }
        return Optional.empty();
    }

    private void tellSickness(Verdict verdict) {
        verdict.sickness().ifPresentOrElse(why -> health.problem(JUDGE, why), () -> health.ok(JUDGE));
    }

    /** A refused wish is forgotten, so that the next round may repeat it. */
    private void ask(Replacement wish) {
        try {
            String refusal = server.replace(wish.instance(), wish.reason());
            if (refusal.isEmpty()) {
                tellTaken(wish);
                return;
            }
            tellRefused(wish, refusal);
        } catch (IOException e) {
            LOG.warn("replacement not asked for app={} instance={}", wish.app(), wish.instance(), e);
        }
        book = book.withoutAsked(wish.app());
    }

    private void tellTaken(Replacement wish) {
        refusals.remove(wish.instance());
        if (!wish.repeated()) {
            LOG.info("replacement asked for app={} instance={} reason={}", wish.app(), wish.instance(), wish.reason());
        }
    }

    /** The wish is repeated every round; the log says so once. */
    private void tellRefused(Replacement wish, String refusal) {
        if (!refusal.equals(refusals.put(wish.instance(), refusal))) {
            LOG.warn("replacement refused app={} instance={} answer={}", wish.app(), wish.instance(), refusal);
        }
    }
}
