package io.dinp.dash;

import static java.util.Map.entry;

import io.dinp.common.daemon.Daemon;
import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.db.Database;
import io.dinp.common.db.Migrations;
import io.dinp.common.sso.CsrfTokens;
import io.dinp.common.sso.SsoClient;
import io.dinp.dash.app.AppController;
import io.dinp.dash.app.AppService;
import io.dinp.dash.app.AppValidator;
import io.dinp.dash.core.App;
import io.dinp.dash.core.Domain;
import io.dinp.dash.core.EnvVar;
import io.dinp.dash.domain.DomainController;
import io.dinp.dash.domain.DomainService;
import io.dinp.dash.domain.DomainValidator;
import io.dinp.dash.env.EnvController;
import io.dinp.dash.env.EnvService;
import io.dinp.dash.history.HistoryController;
import io.dinp.dash.history.HistoryService;
import io.dinp.dash.node.ApiController;
import io.dinp.dash.node.NodeController;
import io.dinp.dash.node.ServerClient;
import io.dinp.dash.node.WhatIf;
import io.dinp.dash.revision.RevisionController;
import io.dinp.dash.rollout.RolloutController;
import io.dinp.dash.rollout.RolloutService;
import io.dinp.dash.sso.SignedOut;
import io.dinp.dash.sso.SsoController;
import io.dinp.dash.sso.SsoIdentity;
import io.dinp.dash.sso.Viewers;
import io.dinp.dash.why.WhyController;
import io.dinp.web.Guard;
import io.dinp.web.Link;
import io.dinp.web.MysqlWatch;
import io.dinp.web.ObjectLookup;
import io.dinp.web.PageController;
import io.dinp.web.Pages;
import io.dinp.web.Site;
import io.dinp.web.Store;
import io.dinp.web.WebMetrics;
import io.dinp.web.WebServer;
import java.util.List;
import java.util.Map;

/** The dashboard's program. */
public final class DashMain {
    /** First part of the path to the controller behind it. */
    static final Map<String, Class<? extends PageController>> ROUTES = Map.ofEntries(
            entry("/", HomeController.class),
            entry("/app", AppController.class),
            entry("/rollout", RolloutController.class),
            entry("/env", EnvController.class),
            entry("/history", HistoryController.class),
            entry("/revision", RevisionController.class),
            entry("/why", WhyController.class),
            entry("/domain", DomainController.class),
            entry("/node", NodeController.class),
            entry("/api", ApiController.class),
            entry("/sso", SsoController.class));

    private DashMain() {}

    /** Runs until SIGTERM. */
    public static void main(String[] args) {
        Daemon.main("dash", args, DashConfig::of, DashMain::start);
    }

    /** Serves at once, and says in {@code /health} while MySQL or its schema is missing. */
    static void start(DashConfig config, Lifecycle life) throws InterruptedException {
        Database database = life.own("mysql", Database.open(config.db(), "dash", config.dbSize()));
        ServerClient server = life.own("server", new ServerClient(config.server(), config.serverToken()));
        SsoClient uic = new SsoClient(config.uicInternal(), config.uicExternal(), config.token());
        Store store = new Store(database);
        Site site =
                site(config, store, server, uic, life.health(), new WebMetrics(database.dataSource(), config.token()));
        life.own("web", WebServer.start(site, config.addr(), config.port()));
        Migrations.awaitVersion(database, life.health());
        life.own("watch", new MysqlWatch(store, life.health(), () -> {}).start());
    }

    private static Site site(
            DashConfig config, Store store, ServerClient server, SsoClient uic, Health health, WebMetrics metrics) {
        AppService apps = new AppService(store, server::signal);
        EnvService envs = new EnvService(store, server::signal);
        DomainService domains = new DomainService(store, server::signal);
        Viewers viewers = new Viewers(uic);
        Guard guard = new Guard(
                new SsoIdentity(uic, config.external()),
                new CsrfTokens("dash", config.token()),
                config.token(),
                lookups(apps, envs, domains, viewers));
        List<Object> services = List.of(
                apps,
                envs,
                domains,
                viewers,
                uic,
                server,
                new WhatIf(server),
                new RolloutService(server),
                new HistoryService(store),
                new AppValidator(config.maxInstances(), config.paasDomain(), config.platformHosts()),
                new DomainValidator(config.paasDomain(), config.platformHosts()),
                new SignedOut(config.uicExternal().resolve("/auth/bye").toString()));
        return new Site(ROUTES, guard, pages(config), services, health, metrics);
    }

    /** Who may work on what: the one place where that is decided for every route. */
    private static Map<Class<?>, ObjectLookup> lookups(
            AppService apps, EnvService envs, DomainService domains, Viewers viewers) {
        ObjectLookup app = (id, visitor) -> apps.find(id).filter(viewers.of(visitor)::mayUse);
        return Map.of(
                App.class, app,
                EnvVar.class,
                        (id, visitor) -> envs.find(id)
                                .filter(variable ->
                                        app.find(variable.appId(), visitor).isPresent()),
                Domain.class, (id, visitor) -> domains.find(id).filter(viewers.of(visitor)::mayUse));
    }

    private static Pages pages(DashConfig config) {
        String builder = config.builder().toString();
        List<Link> links =
                List.of(new Link("/app", "Apps"), new Link("/domain", "Domains"), new Link(builder, "Builder"));
        List<Link> adminLinks = List.of(links.get(0), links.get(1), new Link("/node", "Nodes"), links.get(2));
        return new Pages(Map.of(
                "siteName",
                "DINP",
                "links",
                links,
                "adminLinks",
                adminLinks,
                "accountUrl",
                config.uicExternal().resolve("/me").toString(),
                "logoutPath",
                "/sso/logout",
                "builderUrl",
                builder,
                "domain",
                config.paasDomain(),
                "appsPort",
                config.appsPort() == 80 ? "" : ":" + config.appsPort(),
                "mostInstances",
                config.maxInstances()));
    }
}
