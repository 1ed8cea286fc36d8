package io.dinp.server.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dinp.common.model.ContainerReport;
import io.dinp.common.model.InstanceState;
import io.dinp.common.model.PortMapping;
import io.dinp.server.state.ClusterState.Heard;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The real state in the original's form, which its health monitor and dashboard read; our fields come after the
 * original's. Only containers with a published port are in it.
 */
final class RealView {

    private static final Set<InstanceState> GONE =
            EnumSet.of(InstanceState.EXITED, InstanceState.FAILED, InstanceState.STOPPING);

    private RealView() {}

    /** A container as the original shows it, and our instance behind it. */
    record Container(
            @JsonProperty("Id") String id,
            @JsonProperty("Ip") String ip,
            @JsonProperty("Image") String image,
            @JsonProperty("AppName") String appName,
            @JsonProperty("Ports") List<PortMapping> ports,
            @JsonProperty("Status") String status,
            @JsonProperty("UpdateAt") long updateAt,
            @JsonProperty("Instance") String instance,
            @JsonProperty("Revision") String revision,
            @JsonProperty("State") InstanceState state,
            @JsonProperty("Ready") boolean ready,
            @JsonProperty("StartedAt") long startedAt) {}

    /** The containers of one app by {@code ip-id}. */
    record App(
            @JsonProperty("M") SortedMap<String, Container> containers,
            @JsonProperty("ToUpdate") boolean toUpdate) {}

    /** Everything by app. */
    record Real(@JsonProperty("M") SortedMap<String, App> apps) {}

    static Real real(Map<String, Heard> heard) {
        SortedMap<String, App> apps = new TreeMap<>();
        for (Container container : containers(heard)) {
            apps.computeIfAbsent(container.appName(), app -> new App(new TreeMap<>(), false))
                    .containers()
                    .put(container.ip() + "-" + container.id(), container);
        }
        return new Real(apps);
    }

    static List<Container> containersOf(String app, Map<String, Heard> heard) {
        return containers(heard).stream().filter(c -> c.appName().equals(app)).toList();
    }

    private static List<Container> containers(Map<String, Heard> heard) {
        List<Container> all = new ArrayList<>();
        heard.forEach((ip, node) -> node.report().containers().stream()
                .filter(RealView::isListed)
                .forEach(c -> all.add(container(ip, c, node.at()))));
        return all;
    }

    private static boolean isListed(ContainerReport c) {
        return !c.appName().isEmpty() && !c.ports().isEmpty() && (c.state() == null || !GONE.contains(c.state()));
    }

    private static Container container(String ip, ContainerReport c, long at) {
        return new Container(
                c.id(),
                ip,
                c.image(),
                c.appName(),
                c.ports(),
                c.status(),
                at / 1000,
                c.instance(),
                c.revision(),
                c.state(),
                c.ready() || c.isLegacy(),
                c.startedAt());
    }
}
