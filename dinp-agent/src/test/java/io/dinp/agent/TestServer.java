package io.dinp.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.json.Json;
import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.HeartbeatReply;
import io.dinp.common.model.HostPort;
import io.dinp.common.model.NodeReport;
import io.dinp.common.rpc.RpcLimits;
import io.dinp.common.rpc.RpcServer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** The server's end of the heartbeats: keeps the last report, and all that was ever said. */
final class TestServer implements AutoCloseable {
    private final RpcServer rpc;
    private final AtomicReference<NodeReport> last = new AtomicReference<>();
    private final List<String> downs = new CopyOnWriteArrayList<>();
    private volatile List<Integer> release = List.of();

    TestServer() throws IOException {
        rpc = RpcServer.bind(
                        "test-server",
                        "127.0.0.1",
                        0,
                        Map.of("NodeState.Push", this::push, "NodeState.NodeDown", this::down),
                        RpcLimits.standard())
                .start();
    }

    HostPort address() {
        return new HostPort("127.0.0.1", rpc.port());
    }

    NodeReport last() {
        return last.get();
    }

    /** The instance in the last report. */
    Optional<ContainerReport> instance(String instance) {
        NodeReport report = last.get();
        return report == null
                ? Optional.empty()
                : report.containers().stream()
                        .filter(one -> one.instance().equals(instance))
                        .findFirst();
    }

    /** The container of the original in the last report. */
    Optional<ContainerReport> legacy(String id) {
        NodeReport report = last.get();
        return report == null
                ? Optional.empty()
                : report.containers().stream()
                        .filter(one -> one.isLegacy() && one.id().equals(id))
                        .findFirst();
    }

    /** The parameters of each NodeDown. */
    List<String> downs() {
        return downs;
    }

    /** What every later beat is answered. */
    void release(List<Integer> ports) {
        release = ports;
    }

    void forget() {
        last.set(null);
    }

    @Override
    public void close() throws IOException {
        rpc.close();
    }

    private HeartbeatReply push(JsonNode params) throws IOException {
        last.set(Json.mapper().treeToValue(params.get(0), NodeReport.class));
        return new HeartbeatReply(0, release);
    }

    private HeartbeatReply down(JsonNode params) {
        downs.add(params.toString());
        return new HeartbeatReply(0, List.of());
    }
}
