package io.dinp.builder;

import io.dinp.builder.core.ImageNaming;
import io.dinp.builder.docker.ImageBuilder;
import io.dinp.builder.files.BuildLogs;
import io.dinp.builder.files.Templates;
import io.dinp.builder.files.Workspaces;
import io.dinp.builder.mysql.BuildStore;
import io.dinp.builder.web.BuilderWeb;
import io.dinp.builder.web.WebParts;
import io.dinp.common.daemon.Daemon;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.daemon.Retry;
import io.dinp.common.db.Database;
import io.dinp.common.db.Migrations;
import io.dinp.common.sso.CsrfTokens;
import io.dinp.common.sso.SsoClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** The builder: makes images of uploaded archives. Wiring only. */
public final class BuilderMain {
    private BuilderMain() {}

    public static void main(String[] args) {
        Daemon.main("builder", args, BuilderConfig::from, BuilderMain::start);
    }

    /** Serves pages first, so that {@code /health} tells what it waits for, and takes builds once MySQL is there. */
    static void start(BuilderConfig config, Lifecycle life) throws Exception {
        Database database = life.own("mysql", Database.open(config.database(), "builder", config.dbmaxidle()));
        ImageBuilder images =
                life.own("docker", new ImageBuilder(config.docker(), config.registry(), config.buildMemoryMb()));
        life.own("docker watch", new DependencyWatch("docker", images::ping, life.health()))
                .start();
        Templates templates = Templates.of(config.templates());
        BuildStore store = new BuildStore(database);
        BuildLogs logs = new BuildLogs(config.logdir());
        Workspaces.clean(config.tmpdir());
        BuildRun run = new BuildRun(config, templates, images);
        BuildQueue queue = life.own("builds", new BuildQueue(config, run, store, logs, life.health()));
        AtomicBoolean ready = new AtomicBoolean();
        SsoClient sso = new SsoClient(config.uicInternal(), config.uicExternal(), config.token());
        WebParts parts = new WebParts(
                config,
                templates,
                new ImageNaming(config.registry().address()),
                store,
                logs,
                queue,
                sso,
                new CsrfTokens("builder", config.token()),
                life.health(),
                ready::get);
        life.own("web", new BuilderWeb(parts)).open();

        Migrations.awaitVersion(database, life.health());
        Retry.until("mysql", life.health(), Duration.ofSeconds(1), () -> {
            queue.recover();
            return true;
        });
        ready.set(true);
        life.own("mysql watch", new DependencyWatch("mysql", store::ping, life.health()))
                .start();
    }
}
