package io.dinp.agent.rpc;

import io.dinp.common.config.Secret;
import io.dinp.common.model.HostPort;
import io.dinp.common.model.NodeReport;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Tells every server, each over a link of its own: one that hangs delays no other. */
public final class Heartbeats implements AutoCloseable {
    private final List<ServerLink> links;
    private final Secret token;

    /**
     * Links that do not call before the first beat.
     *
     * @param timeout for one call
     * @param released takes the ports that a server has released
     */
    public Heartbeats(List<HostPort> servers, Duration timeout, Secret token, Consumer<Collection<Integer>> released) {
        this.token = token;
        this.links = servers.stream()
                .map(server -> new ServerLink(server, timeout, released))
                .toList();
    }

    /** Starts the links' threads. */
    public void start() {
        links.forEach(ServerLink::start);
    }

    /** Sends the report; one that was not sent yet is dropped for it. */
    public void beat(NodeReport report) {
        links.forEach(link -> link.offer(new ServerLink.Call("NodeState.Push", List.of(report))));
    }

    /** Says that this node's Docker does not answer. */
    public void nodeDown(String ip) {
        links.forEach(link -> link.offer(new ServerLink.Call("NodeState.NodeDown", List.of(ip, token.value()))));
    }

    @Override
    public void close() {
        links.forEach(ServerLink::close);
    }
}
