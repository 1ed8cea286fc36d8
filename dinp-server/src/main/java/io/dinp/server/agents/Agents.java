package io.dinp.server.agents;

import io.dinp.server.core.Action;
import io.dinp.server.state.OrderResult;
import java.util.List;
import java.util.function.Consumer;

/** The agents of the nodes, as the control plane sees them: over HTTP, or simulated. */
public interface Agents {

    /**
     * Sends an order some time soon.
     *
     * @param done told how it ended, later and on another thread
     */
    void send(Action action, int agentPort, Consumer<OrderResult> done);

    /**
     * Fetches the last output of an instance, some time soon.
     *
     * @param done told the lines, oldest first, none when they cannot be had; later and on another thread
     */
    void logs(String node, int agentPort, String instance, Consumer<List<String>> done);
}
