package io.dinp.server.agents;

import io.dinp.server.core.Action;
import io.dinp.server.state.OrderResult;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** The agents of the nodes, as the control plane sees them: over HTTP, or simulated. */
public interface Agents {

    /** How long the answer to an order is waited for. */
    long PATIENCE_MS = 3_000;

    /**
     * Sends an order some time soon.
     *
     * @param until asked when it goes out: by the agent's own clock, the time after which it must not be done any more, because nobody
     *     waits for it; 0 when that is not known
     * @param done told how it ended, later and on another thread
     */
    void send(Action action, int agentPort, LongSupplier until, Consumer<OrderResult> done);

    /**
     * Fetches the last output of an instance, some time soon.
     *
     * @param done told the lines, oldest first, none when they cannot be had; later and on another thread
     */
    void logs(String node, int agentPort, String instance, Consumer<List<String>> done);
}
