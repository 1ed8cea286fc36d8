package io.dinp.server.mysql;

import com.fasterxml.jackson.core.type.TypeReference;
import io.dinp.common.db.Database;
import io.dinp.common.json.Json;
import io.dinp.server.core.Event;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was decided and what from: the newest events, for people who ask why. */
public final class EventStore {

    private static final long KEPT = 20_000;
    /** As the columns have it, in characters. */
    private static final int MAX_INPUTS = 2048;

    private static final TypeReference<LinkedHashMap<String, String>> INPUTS = new TypeReference<>() {};

    private final Database database;

    /** Reads from a database whose schema is up to date. */
    public EventStore(Database database) {
        this.database = database;
    }

    static void save(Connection connection, List<Event> events) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into event(at, kind, app_name, instance, node, reason, inputs) values(?, ?, ?, ?, ?, ?, ?)")) {
            for (Event event : events) {
                insert.setLong(1, event.at());
                insert.setString(2, event.kind());
                insert.setString(3, Texts.cut(event.app(), 64));
                insert.setString(4, Texts.cut(event.instance(), 64));
                insert.setString(5, Texts.cut(event.node(), 45));
                insert.setString(6, Texts.cut(event.reason(), Texts.MAX_REASON));
                insert.setString(7, json(event.inputs()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** The inputs as JSON; what the column cannot hold is left out, the least important first. */
    private static String json(Map<String, String> inputs) {
        if (inputs.isEmpty()) {
            return "";
        }
        String json = Json.write(inputs);
        for (int kept = inputs.size() - 1; json.length() > MAX_INPUTS; kept--) {
            Map<String, String> fewer = new LinkedHashMap<>();
            inputs.entrySet().stream().limit(kept).forEach(input -> fewer.put(input.getKey(), input.getValue()));
            json = Json.write(fewer);
        }
        return json;
    }

    /** The newest events, newest first; of one app when a name is given. */
    public List<Event> newest(String app, int limit) throws SQLException {
        return database.read(connection -> {
            List<Event> events = new ArrayList<>();
            String where = app.isEmpty() ? "" : " where app_name = ?";
            try (PreparedStatement select =
                    connection.prepareStatement("select at, kind, app_name, instance, node, reason, inputs from event"
                            + where + " order by id desc limit " + limit)) {
                if (!app.isEmpty()) {
                    select.setString(1, app);
                }
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        events.add(event(row));
                    }
                }
            }
            return events;
        });
    }

    private static Event event(ResultSet row) throws SQLException {
        return new Event(
                row.getLong("at"),
                row.getString("kind"),
                row.getString("app_name"),
                row.getString("instance"),
                row.getString("node"),
                row.getString("reason"),
                inputs(row.getString("inputs")));
    }

    private static Map<String, String> inputs(String json) throws SQLException {
        try {
            return json.isEmpty() ? Map.of() : Json.mapper().readValue(json, INPUTS);
        } catch (IOException e) {
            throw new SQLException("the inputs of an event are no JSON object: " + json, e);
        }
    }

    /** Deletes what nobody will ask for any more. */
    static void trim(Connection connection) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(
                "delete from event where id <= (select m from (select max(id) - ? as m from event) newest)")) {
            delete.setLong(1, KEPT);
            delete.executeUpdate();
        }
    }
}
