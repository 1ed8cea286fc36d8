package io.dinp.dash.history;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.json.Json;
import io.dinp.dash.core.App;
import io.dinp.dash.core.Deployed;
import io.dinp.dash.core.Deployment;
import io.dinp.web.Refusal;
import io.dinp.web.Sql;
import io.dinp.web.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** All SQL about what was deployed when. */
public final class HistoryService {
    private static final int SHOWN = 50;
    private static final String SELECT =
            "select id, app_id, resume, image, memory, env, user_name, create_at from history where app_id = ?";

    private final Store store;

    public HistoryService(Store store) {
        this.store = store;
    }

    /** The newest deploys of {@code app} first. */
    public List<Deployed> list(App app) {
        return store.read(sql -> sql.list(SELECT + " order by id desc limit " + SHOWN, HistoryService::row, app.id()));
    }

    /** One row of {@code app}'s own history. */
    public Deployed find(App app, int id) {
        return store.read(sql -> sql.first(SELECT + " and id = ?", HistoryService::row, app.id(), id))
                .orElseThrow(Refusal::notFound);
    }

    /** Notes a deploy with the environment that it runs with, in the caller's transaction. */
    public static void record(Sql sql, App app, Deployment deployment, String userName) throws SQLException {
        SortedMap<String, String> env = new TreeMap<>();
        sql.list("select k, v from env where app_name = ?", r -> env.put(r.getString(1), r.getString(2)), app.name());
        sql.change(
                "insert into history (app_id, app_name, resume, image, memory, env, user_name) values (?, ?, ?, ?, ?, ?, ?)",
                app.id(),
                app.name(),
                deployment.resume(),
                deployment.image(),
                deployment.memory(),
                Json.write(env),
                userName);
    }

    private static Deployed row(ResultSet row) throws SQLException {
        Timestamp at = row.getTimestamp("create_at");
        return new Deployed(
                row.getInt("id"),
                row.getInt("app_id"),
                row.getString("resume"),
                row.getString("image"),
                row.getInt("memory"),
                env(row.getString("env")),
                row.getString("user_name"),
                at == null ? Instant.EPOCH : at.toInstant());
    }

    private static SortedMap<String, String> env(String json) {
        if (json == null) {
            return null;
        }
        try {
            SortedMap<String, String> env = new TreeMap<>();
            Json.read(json, JsonNode.class)
                    .properties()
                    .forEach(e -> env.put(e.getKey(), e.getValue().asText()));
            return env;
        } catch (IOException e) {
            throw new UncheckedIOException("a row of history holds no JSON", e);
        }
    }
}
