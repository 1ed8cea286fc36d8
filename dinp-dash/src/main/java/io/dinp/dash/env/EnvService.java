package io.dinp.dash.env;

import io.dinp.dash.core.App;
import io.dinp.dash.core.EnvVar;
import io.dinp.web.Refusal;
import io.dinp.web.Sql;
import io.dinp.web.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All SQL about environment variables. Rows are found by the app's name, as the server finds them. */
public final class EnvService {
    private static final int MOST = 200;
    private static final String SELECT =
            "select e.id, a.id as app_id, e.app_name, e.k, e.v from env e join app a on a.name = e.app_name ";
    private static final String UPSERT =
            "insert into env (app_id, app_name, k, v) values (?, ?, ?, ?) on duplicate key update v = values(v)";

    private final Store store;
    private final Runnable signal;

    /** @param signal tells the server that something changed, without waiting */
    public EnvService(Store store, Runnable signal) {
        this.store = store;
        this.signal = signal;
    }

    /** The variables of {@code app}, by name. */
    public List<EnvVar> list(App app) {
        return store.read(
                sql -> sql.list(SELECT + "where e.app_name = ? order by e.k", EnvService::variable, app.name()));
    }

    /** The variable whatever its app's owner; callers check the right to it. */
    public Optional<EnvVar> find(int id) {
        return store.read(sql -> sql.first(SELECT + "where e.id = ?", EnvService::variable, id));
    }

    /** Sets a variable, new or not; the instances are replaced to get it. */
    public void put(App app, EnvValidator.Variable variable) {
        store.write(sql -> {
            List<String> present =
                    sql.list("select k from env where app_name = ? for update", r -> r.getString(1), app.name());
            if (present.size() >= MOST && !present.contains(variable.name())) {
                throw Refusal.conflict("an app has at most " + MOST + " variables: delete one first");
            }
            return sql.change(UPSERT, app.id(), app.name(), variable.name(), variable.value());
        });
        signal.run();
    }

    /** Deletes a variable; the instances are replaced to lose it. */
    public void delete(EnvVar variable) {
        store.write(sql -> sql.change("delete from env where id = ?", variable.id()));
        signal.run();
    }

    /** Makes {@code values} the whole environment, in the caller's transaction. */
    public static void replaceAll(Sql sql, App app, Map<String, String> values) throws SQLException {
        sql.change("delete from env where app_name = ?", app.name());
        for (Map.Entry<String, String> value : values.entrySet()) {
            sql.change(UPSERT, app.id(), app.name(), value.getKey(), value.getValue());
        }
    }

    private static EnvVar variable(ResultSet row) throws SQLException {
        return new EnvVar(
                row.getInt("id"),
                row.getInt("app_id"),
                row.getString("app_name"),
                row.getString("k"),
                row.getString("v"));
    }
}
