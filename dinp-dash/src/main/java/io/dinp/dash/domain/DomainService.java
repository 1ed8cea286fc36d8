package io.dinp.dash.domain;

import io.dinp.dash.app.AppService;
import io.dinp.dash.core.App;
import io.dinp.dash.core.Domain;
import io.dinp.dash.core.Viewer;
import io.dinp.web.Refusal;
import io.dinp.web.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All SQL about custom domains. The server makes routes of the bound ones. */
public final class DomainService {
    private static final String SELECT =
            "select d.id, d.domain, d.team_id, d.team_name, d.app_id, d.app_name, d.creator,"
                    + " d.creator_name from domain d ";

    private final Store store;
    private final Runnable signal;

    /** @param signal tells the server that something changed, without waiting */
    public DomainService(Store store, Runnable signal) {
        this.store = store;
        this.signal = signal;
    }

    /** The domains that {@code viewer} may use, by name. */
    public List<Domain> list(Viewer viewer) {
        List<Object> values = new ArrayList<>();
        String select = SELECT + AppService.visible("d", viewer, values) + " order by d.domain";
        return store.read(sql -> sql.list(select, DomainService::domain, values.toArray()));
    }

    /** The domains bound to {@code app}, whoever owns them. */
    public List<Domain> of(App app) {
        return store.read(
                sql -> sql.list(SELECT + "where d.app_id = ? order by d.domain", DomainService::domain, app.id()));
    }

    /** The domain whatever its owner; callers check the right to it. */
    public Optional<Domain> find(int id) {
        return store.read(sql -> sql.first(SELECT + "where d.id = ?", DomainService::domain, id));
    }

    /** Claims a name for its creator and a team, and gives the row's id. */
    public int create(String name, int teamId, Viewer creator, String userName) {
        String team = AppService.teamName(creator, teamId, "");
        return store.write(sql -> {
            try {
                return sql.insert(
                        "insert into domain (domain, team_id, team_name, creator, creator_name)"
                                + " values (?, ?, ?, ?, ?)",
                        name,
                        teamId,
                        team,
                        creator.id(),
                        userName);
            } catch (SQLIntegrityConstraintViolationException e) {
                throw Refusal.conflict("the domain '" + name + "' is taken already");
            }
        });
    }

    /** Shares the domain with another team. */
    public void edit(Domain domain, int teamId, Viewer viewer) {
        change(
                "update domain set team_id = ?, team_name = ? where id = ?",
                teamId,
                AppService.teamName(viewer, teamId, domain.teamName()),
                domain.id());
    }

    /** Lets the domain lead to {@code app}, also when it led to another one before. */
    public void bind(Domain domain, App app, int userId) {
        change(
                "update domain set app_id = ?, app_name = ?, bind_user_id = ?, bind_at = current_timestamp where id = ?",
                app.id(),
                app.name(),
                String.valueOf(userId),
                domain.id());
    }

    /** Lets the domain lead nowhere. */
    public void unbind(Domain domain) {
        change("update domain set app_id = 0, app_name = '' where id = ?", domain.id());
    }

    /** Gives the name up. */
    public void delete(Domain domain) {
        change("delete from domain where id = ?", domain.id());
    }

    private void change(String statement, Object... values) {
        store.write(sql -> sql.change(statement, values));
        signal.run();
    }

    private static Domain domain(ResultSet row) throws SQLException {
        return new Domain(
                row.getInt("id"),
                row.getString("domain"),
                row.getInt("team_id"),
                row.getString("team_name"),
                row.getInt("app_id"),
                row.getString("app_name"),
                row.getInt("creator"),
                row.getString("creator_name"));
    }
}
