package io.dinp.builder.mysql;

import io.dinp.builder.core.Build;
import io.dinp.builder.core.BuildRequest;
import io.dinp.builder.core.BuildStatus;
import io.dinp.common.db.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The table {@code build}: all of the builder's SQL. */
public final class BuildStore {
    private static final String COLUMNS =
            "id, app, version, resume, base, image, tarball, repo, branch, status, user_id,"
                    + " user_name, unix_timestamp(create_at) * 1000 as created, finished_at, log_path";

    private final Database database;

    public BuildStore(Database database) {
        this.database = database;
    }

    /** Throws when the table cannot be read. */
    public boolean ping() throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("select 1 from build limit 1");
                    ResultSet rows = select.executeQuery()) {
                return rows.next();
            }
        });
    }

    /** Stores an accepted request; its id is the answer. */
    public long insert(BuildRequest request, String image, int userId, String userName) throws SQLException {
        String sql =
                "insert into build(app, version, resume, base, image, tarball, repo, branch, status, user_id, user_name)"
                        + " values(?, ?, ?, ?, ?, ?, '', '', ?, ?, ?)";
        return database.write(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
                bind(
                        insert,
                        request.app(),
                        request.version(),
                        request.resume(),
                        request.base(),
                        image,
                        request.source().name());
                insert.setString(7, BuildStatus.SAVED);
                insert.setInt(8, userId);
                insert.setString(9, userName);
                insert.executeUpdate();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    keys.next();
                    return keys.getLong(1);
                }
            }
        });
    }

    /** Notes where a build stands. */
    public void update(long id, String status, long finishedAt, String logPath) throws SQLException {
        database.write(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update build set status = ?, finished_at = ?, log_path = ? where id = ?")) {
                update.setString(1, status);
                update.setLong(2, finishedAt);
                update.setString(3, logPath);
                update.setLong(4, id);
                return update.executeUpdate();
            }
        });
    }

    /** Ends what a builder that is no more had begun; the number of those builds is the answer. */
    public int failUnfinished(String cause, long now) throws SQLException {
        return database.write(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update build set status = ?, finished_at = ? where status in (?, ?, ?)")) {
                update.setString(1, BuildStatus.failed(cause));
                update.setLong(2, now);
                bindFrom(update, 3, BuildStatus.SAVED, BuildStatus.BUILDING, BuildStatus.PUSHING);
                return update.executeUpdate();
            }
        });
    }

    /** One build. */
    public Optional<Build> find(long id) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("select " + COLUMNS + " from build where id = ?")) {
                select.setLong(1, id);
                return list(select).stream().findFirst();
            }
        });
    }

    /**
     * A page of builds, newest first.
     *
     * @param owner only this user's builds; empty for everybody's
     */
    public List<Build> page(OptionalInt owner, int limit, int offset) throws SQLException {
        String sql = "select " + COLUMNS + " from build" + where(owner) + " order by id desc limit ? offset ?";
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(sql)) {
                int next = bindOwner(select, owner);
                select.setInt(next, limit);
                select.setInt(next + 1, offset);
                return list(select);
            }
        });
    }

    /** The number of builds, see {@link #page}. */
    public int count(OptionalInt owner) throws SQLException {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("select count(*) from build" + where(owner))) {
                bindOwner(select, owner);
                try (ResultSet rows = select.executeQuery()) {
                    rows.next();
                    return rows.getInt(1);
                }
            }
        });
    }

    /** Removes a build from the history; its image stays in the registry. */
    public void delete(long id) throws SQLException {
        database.write(connection -> delete(connection, id));
    }

    private static int delete(Connection connection, long id) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from build where id = ?")) {
            delete.setLong(1, id);
            return delete.executeUpdate();
        }
    }

    private static String where(OptionalInt owner) {
        return owner.isPresent() ? " where user_id = ?" : "";
    }

    private static int bindOwner(PreparedStatement statement, OptionalInt owner) throws SQLException {
        if (owner.isPresent()) {
            statement.setInt(1, owner.getAsInt());
            return 2;
        }
        return 1;
    }

    private static void bind(PreparedStatement statement, String... values) throws SQLException {
        bindFrom(statement, 1, values);
    }

    private static void bindFrom(PreparedStatement statement, int first, String... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setString(first + i, values[i]);
        }
    }

    private static List<Build> list(PreparedStatement select) throws SQLException {
        List<Build> builds = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                builds.add(new Build(
                        row.getLong("id"),
                        row.getString("app"),
                        row.getString("version"),
                        row.getString("resume"),
                        row.getString("base"),
                        row.getString("image"),
                        row.getString("tarball"),
                        row.getString("repo"),
                        row.getString("branch"),
                        row.getString("status"),
                        row.getInt("user_id"),
                        row.getString("user_name"),
                        row.getLong("created"),
                        row.getLong("finished_at"),
                        row.getString("log_path")));
            }
        }
        return builds;
    }
}
