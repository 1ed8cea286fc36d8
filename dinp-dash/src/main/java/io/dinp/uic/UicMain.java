package io.dinp.uic;

import io.dinp.common.daemon.Daemon;
import io.dinp.common.daemon.Health;
import io.dinp.common.daemon.Lifecycle;
import io.dinp.common.db.Database;
import io.dinp.common.db.Migrations;
import io.dinp.common.sso.CsrfTokens;
import io.dinp.uic.core.Account;
import io.dinp.uic.core.Team;
import io.dinp.uic.sso.Callbacks;
import io.dinp.uic.sso.CookieIdentity;
import io.dinp.uic.sso.SessionService;
import io.dinp.uic.sso.SsoController;
import io.dinp.uic.team.TeamController;
import io.dinp.uic.team.TeamService;
import io.dinp.uic.user.LoginGate;
import io.dinp.uic.user.MeController;
import io.dinp.uic.user.Passwords;
import io.dinp.uic.user.UserController;
import io.dinp.uic.user.UserService;
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
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The program of the user information centre. */
public final class UicMain {
    /** First part of the path to the controller behind it. */
    static final Map<String, Class<? extends PageController>> ROUTES = Map.of(
            "/", HomeController.class,
            "/auth", AuthController.class,
            "/me", MeController.class,
            "/user", UserController.class,
            "/team", TeamController.class,
            "/sso", SsoController.class);

    private UicMain() {}

    /** Runs until SIGTERM, or creates a user. */
    public static void main(String[] args) {
        Daemon.main("uic", args, UicConfig::of, UicMain::start, Map.of("create-user", CreateUser::run));
    }

    /** Serves at once, and says in {@code /health} while MySQL or its schema is missing. */
    static void start(UicConfig config, Lifecycle life) throws InterruptedException {
        Database database = life.own("mysql", Database.open(config.db(), "uic", config.dbSize()));
        Store store = new Store(database);
        SessionService sessions = new SessionService(store, Clock.systemUTC(), config.session());
        Site site = site(config, store, sessions, life.health(), new WebMetrics(database.dataSource(), config.token()));
        life.own("web", WebServer.start(site, config.addr(), config.port()));
        Migrations.awaitVersion(database, life.health());
        life.own("watch", new MysqlWatch(store, life.health(), sessions::purge).start());
    }

    private static Site site(
            UicConfig config, Store store, SessionService sessions, Health health, WebMetrics metrics) {
        UserService users = new UserService(store, new Passwords());
        TeamService teams = new TeamService(store);
        Map<Class<?>, ObjectLookup> lookups = Map.of(
                Account.class, (id, visitor) -> users.find(id),
                Team.class,
                        (id, visitor) -> teams.find(id)
                                .filter(team -> team.isRunBy(
                                        visitor.user().id(), visitor.user().isAdmin())));
        Guard guard =
                new Guard(new CookieIdentity(sessions), new CsrfTokens("uic", config.token()), config.token(), lookups);
        List<Object> services = List.of(
                config,
                users,
                teams,
                sessions,
                new LoginGate(users, System::nanoTime),
                new Callbacks(config.callbacks()));
        return new Site(ROUTES, guard, pages(config), services, health, metrics);
    }

    private static Pages pages(UicConfig config) {
        List<Link> links = List.of(new Link("/me", "Profile"), new Link("/team", "Teams"));
        return new Pages(Map.of(
                "siteName",
                "DINP accounts",
                "links",
                links,
                "adminLinks",
                List.of(links.get(0), links.get(1), new Link("/user", "Users")),
                "accountUrl",
                "/me",
                "logoutPath",
                "/auth/logout",
                "canRegister",
                config.canRegister()));
    }
}
