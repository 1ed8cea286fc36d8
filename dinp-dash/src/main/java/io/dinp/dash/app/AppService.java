package io.dinp.dash.app;

import io.dinp.dash.core.App;
import io.dinp.dash.core.AppSettings;
import io.dinp.dash.core.AppSummary;
import io.dinp.dash.core.Deployed;
import io.dinp.dash.core.Deployment;
import io.dinp.dash.core.NewApp;
import io.dinp.dash.core.RolloutWish;
import io.dinp.dash.core.Viewer;
import io.dinp.dash.env.EnvService;
import io.dinp.dash.history.HistoryService;
import io.dinp.web.Refusal;
import io.dinp.web.Sql;
import io.dinp.web.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** All SQL about apps. A change is one transaction over app, environment and history, so a deploy is recorded whole or not at all. */
public final class AppService {
    @FunctionalInterface
    private interface Change {
        void apply(Sql sql) throws SQLException;
    }

    private static final String COLUMNS =
            "a.id, a.name, a.creator, a.team_id, a.team_name, a.image, a.memory, a.instance, a.status, a.health";
    private static final String SUMMARIES = "select " + COLUMNS + ", r.state, r.reason, r.paused, r.next_start"
            + " from app a left join rollout r on r.app_name = a.name ";

    /** As many apps as a page bears. */
    public static final int MOST_LISTED = 500;

    private final Store store;
    private final Runnable signal;

    /** @param signal tells the server that something changed, without waiting */
    public AppService(Store store, Runnable signal) {
        this.store = store;
        this.signal = signal;
    }

    /** The apps that {@code viewer} may use, by name. */
    public List<AppSummary> list(Viewer viewer) {
        List<Object> values = new ArrayList<>();
        String select = SUMMARIES + visible("a", viewer, values) + " order by a.name";
        return store.read(sql -> sql.list(select, AppService::summary, values.toArray()));
    }

    /** Those whose names contain {@code text}: up to {@value #MOST_LISTED}. */
    public List<AppSummary> search(Viewer viewer, String text) {
        List<Object> values = new ArrayList<>();
        String visible = visible("a", viewer, values);
        values.add(Sql.containing(text));
        String select = SUMMARIES + visible + " and a.name like ? order by a.name limit " + MOST_LISTED;
        return store.read(sql -> sql.list(select, AppService::summary, values.toArray()));
    }

    /** The app whatever its owner; callers check the right to it. */
    public Optional<App> find(int id) {
        return store.read(sql -> sql.first("select " + COLUMNS + " from app a where a.id = ?", AppService::app, id));
    }

    /** What became of the last deploy. */
    public AppSummary summary(App app) {
        return store.read(sql -> sql.first(SUMMARIES + "where a.id = ?", AppService::summary, app.id()))
                .orElseThrow(Refusal::notFound);
    }

    /** Creates an app, deployed at once when there is an image, and gives its id. */
    public int create(NewApp wanted, Viewer creator, String userName) {
        Deployment first = wanted.first();
        String team = teamName(creator, wanted.teamId(), "");
        int id = store.write(sql -> {
            int created = insert(sql, wanted, creator.id(), team);
            if (!first.image().isEmpty()) {
                App app = sql.first("select " + COLUMNS + " from app a where a.id = ?", AppService::app, created)
                        .orElseThrow();
                HistoryService.record(sql, app, first, userName);
            }
            return created;
        });
        signal.run();
        return id;
    }

    /** How the app wants its deploys to be rolled and its instances to be placed. */
    public RolloutWish rolloutWish(App app) {
        return store.read(sql -> sql.first(
                        "select surge, unavailable, bake_seconds, constraints from app where id = ?",
                        AppService::rolloutWish,
                        app.id())
                .orElseThrow(Refusal::notFound));
    }

    /** Changes team, health path, how deploys are rolled and where instances are placed. */
    public void edit(App app, AppSettings wanted, Viewer viewer) {
        String team = teamName(viewer, wanted.teamId(), app.teamName());
        change(sql -> sql.change(
                "update app set team_id = ?, team_name = ?, health = ?, surge = ?, unavailable = ?, bake_seconds = ?,"
                        + " constraints = ? where id = ?",
                wanted.teamId(),
                team,
                wanted.health(),
                wanted.rollout().surge(),
                wanted.rollout().unavailable(),
                wanted.rollout().bakeSeconds(),
                wanted.rollout().constraints(),
                app.id()));
    }

    /** Has the instances replaced one by one by new ones of the same; what has failed is tried again. */
    public void restart(App app, String userName) {
        change(sql -> {
            App now = sql.first(
                            "select " + COLUMNS + " from app a where a.id = ? for update", AppService::app, app.id())
                    .orElseThrow(Refusal::notFound);
            if (!now.isDeployed() || now.instance() == 0) {
                throw Refusal.conflict("no instance of '" + now.name() + "' is wanted: deploy or scale it instead");
            }
            sql.change("update app set deploy_seq = deploy_seq + 1, status = 0 where id = ?", app.id());
            HistoryService.record(
                    sql, now, new Deployment(now.image(), now.memory(), now.instance(), "restart"), userName);
        });
    }

    /**
     * Deploys; the same image again restarts the instances one by one.
     *
     * @param past a row of the app's history whose environment comes back, null to keep the present one
     */
    public void deploy(App app, Deployment wanted, Deployed past, String userName) {
        change(sql -> {
            if (past != null && past.hasEnv()) {
                EnvService.replaceAll(sql, app, past.env());
            }
            sql.change(
                    "update app set deploy_seq = deploy_seq + (case when image = ? then 1 else 0 end),"
                            + " image = ?, memory = ?, instance = ?, status = 0 where id = ?",
                    wanted.image(),
                    wanted.image(),
                    wanted.memory(),
                    wanted.instance(),
                    app.id());
            HistoryService.record(sql, app, wanted, userName);
        });
    }

    /** Changes the number of instances. */
    public void scale(App app, int instances) {
        change(sql -> sql.change("update app set instance = ?, status = 0 where id = ?", instances, app.id()));
    }

    /** Deletes the app with its environment and history; its domains stay, unbound. */
    public void delete(App app) {
        change(sql -> {
            sql.change("update domain set app_id = 0, app_name = '' where app_id = ?", app.id());
            sql.change("delete from env where app_name = ?", app.name());
            sql.change("delete from history where app_id = ?", app.id());
            sql.change("delete from app where id = ?", app.id());
        });
    }

    /** A where clause for what {@code viewer} may use, its values added to {@code values}. */
    public static String visible(String table, Viewer viewer, List<Object> values) {
        if (viewer.isAdmin()) {
            return "where 1 = 1";
        }
        values.add(viewer.id());
        if (viewer.teams().isEmpty()) {
            return "where " + table + ".creator = ?";
        }
        values.addAll(viewer.teams().keySet());
        String marks = String.join(", ", Collections.nCopies(viewer.teams().size(), "?"));
        return "where (" + table + ".creator = ? or " + table + ".team_id in (" + marks + "))";
    }

    /** The name that goes with a team id in rows that keep both; one that the viewer does not know stays as it was. */
    public static String teamName(Viewer viewer, int teamId, String before) {
        return teamId == 0 ? "" : viewer.teams().getOrDefault(teamId, before);
    }

    private static int insert(Sql sql, NewApp wanted, int creator, String team) throws SQLException {
        try {
            return sql.insert(
                    "insert into app (name, creator, team_id, team_name, image, memory, instance, health)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?)",
                    wanted.name().value(),
                    creator,
                    wanted.teamId(),
                    team,
                    wanted.first().image(),
                    wanted.first().memory(),
                    wanted.first().instance(),
                    wanted.health());
        } catch (SQLIntegrityConstraintViolationException e) {
            throw Refusal.conflict("an app named '" + wanted.name().value() + "' exists already: choose another name");
        }
    }

    private void change(Change change) {
        store.write(sql -> {
            change.apply(sql);
            return null;
        });
        signal.run();
    }

    private static App app(ResultSet row) throws SQLException {
        return new App(
                row.getInt("id"),
                row.getString("name"),
                row.getInt("creator"),
                row.getInt("team_id"),
                row.getString("team_name"),
                row.getString("image"),
                row.getInt("memory"),
                row.getInt("instance"),
                row.getInt("status"),
                row.getString("health"));
    }

    private static RolloutWish rolloutWish(ResultSet row) throws SQLException {
        return new RolloutWish(
                number(row, "surge"),
                row.getInt("unavailable"),
                number(row, "bake_seconds"),
                row.getString("constraints"));
    }

    private static Integer number(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? null : value;
    }

    private static AppSummary summary(ResultSet row) throws SQLException {
        String state = row.getString("state");
        String reason = row.getString("reason");
        return new AppSummary(
                app(row),
                state == null ? "" : state,
                reason == null ? "" : reason,
                row.getBoolean("paused"),
                row.getLong("next_start") > System.currentTimeMillis());
    }
}
