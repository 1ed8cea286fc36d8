package io.dinp.server.http;

import io.dinp.common.http.Reply;
import io.dinp.common.http.Request;
import io.dinp.server.core.Event;
import io.dinp.server.core.Exit;
import io.dinp.server.core.KeptExit;
import io.dinp.server.core.Situation;
import io.dinp.server.core.Why;
import io.dinp.server.mysql.EventStore;
import io.dinp.server.mysql.ExitStore;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Answers why an app is as it is: how it stands, what was decided and what from, and how its instances ended. */
final class WhyApi {

    private static final int DECISIONS = 50;
    private static final int MAX_DECISIONS = 500;
    private static final int EXITS = 20;

    private final EventStore events;
    private final ExitStore exits;

    WhyApi(EventStore events, ExitStore exits) {
        this.events = events;
        this.exits = exits;
    }

    /** One decision with what it was made from. */
    private record Decision(
            long at, String kind, String instance, String node, String reason, Map<String, String> inputs) {}

    /** The answer to "why". */
    private record Answer(String app, String summary, List<Decision> decisions) {}

    /** The end of one instance, with its last output. */
    private record End(
            long at,
            String instance,
            String node,
            String revision,
            String stage,
            String reason,
            Integer exitCode,
            boolean oomKilled,
            List<String> log) {}

    /** How an app stands, and the last decisions about it, newest first; also of one that was deleted not long ago. */
    Reply why(Request request, Situation situation) throws SQLException {
        String app = request.pathVar("name");
        List<Decision> decisions = events.newest(app, request.query("limit", DECISIONS, 1, MAX_DECISIONS)).stream()
                .map(WhyApi::decision)
                .toList();
        if (decisions.isEmpty() && !situation.desired().apps().containsKey(app)) {
            return ServerApi.unknownApp(app);
        }
        return Reply.json(200, new Answer(app, Why.summary(app, situation), decisions));
    }

    private static Decision decision(Event event) {
        return new Decision(event.at(), event.kind(), event.instance(), event.node(), event.reason(), event.inputs());
    }

    /** How an app's last instances ended, newest first; also of one that was deleted not long ago. */
    Reply exits(Request request, Situation situation) throws SQLException {
        String app = request.pathVar("name");
        List<End> ends = exits.newest(app, request.query("limit", EXITS, 1, EXITS)).stream()
                .map(WhyApi::end)
                .toList();
        if (ends.isEmpty() && !situation.desired().apps().containsKey(app)) {
            return ServerApi.unknownApp(app);
        }
        return Reply.json(200, ends);
    }

    private static End end(KeptExit kept) {
        Exit exit = kept.exit();
        return new End(
                exit.at(),
                exit.instance(),
                exit.node(),
                exit.revision(),
                exit.stage(),
                exit.reason(),
                exit.exitCode(),
                exit.oomKilled(),
                kept.log());
    }
}
