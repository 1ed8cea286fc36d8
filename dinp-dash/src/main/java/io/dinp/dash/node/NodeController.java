package io.dinp.dash.node;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.web.Access;
import io.dinp.web.PageController;
import io.dinp.web.Who;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** {@code /node}: the machines, for administrators. */
public final class NodeController extends PageController {

    /** A row of the page; {@code updatedAt} in Unix seconds. */
    public record Node(String ip, long memFree, long updatedAt) {
        /** Epoch milliseconds. */
        public long updatedMillis() {
            return Instant.ofEpochSecond(updatedAt).toEpochMilli();
        }
    }

    /** All nodes that the server hears from. */
    @Access(who = Who.ADMIN)
    public void index() {
        JsonNode answer = service(ServerClient.class).nodes();
        List<Node> nodes = new ArrayList<>();
        answer.forEach(n -> nodes.add(new Node(
                n.path("Ip").asText(),
                n.path("MemFree").asLong(),
                n.path("UpdateAt").asLong())));
        put("nodes", nodes);
        page("dash/node/list.html");
    }
}
