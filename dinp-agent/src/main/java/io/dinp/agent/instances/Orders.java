package io.dinp.agent.instances;

import io.dinp.agent.core.Entry;
import io.dinp.agent.core.Inspected;
import io.dinp.agent.core.Labels;
import io.dinp.agent.core.NodeFacts;
import io.dinp.agent.docker.ContainerOrder;
import io.dinp.common.model.ImageRef;
import io.dinp.common.model.InstanceSpec;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Between an instance's order and its container, both ways. */
final class Orders {
    private static final Pattern INSTANCE = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}");
    private static final int ADOPTED_STARTUP_SECONDS = 60;

    private Orders() {}

    /** Whether the text may name an instance, and so a file and a container. */
    static boolean isInstanceId(String text) {
        return INSTANCE.matcher(text).matches();
    }

    static String name(Entry entry) {
        return "dinp-" + entry.instance();
    }

    static ContainerOrder container(NodeFacts node, Entry entry) {
        InstanceSpec spec = entry.spec();
        String digest = entry.run().digest();
        return new ContainerOrder(
                name(entry),
                digest.isEmpty() ? spec.image() : ImageRef.parse(spec.image()).byDigest(digest),
                node.ip(),
                entry.port(),
                spec.memoryMb(),
                env(node, spec),
                Labels.of(node.cluster(), entry));
    }

    /** The digest in the reference that the container was made from, else what the entry knows. */
    static String digest(Inspected seen, Entry entry) {
        return entry.run().digest().isEmpty() ? digest(seen) : entry.run().digest();
    }

    static boolean isOnPort(Inspected seen, int port) {
        return Integer.toString(port).equals(seen.labels().get(Labels.PORT));
    }

    /** What the labels of a container tell about the order that it was made for. */
    static Entry adopted(Inspected seen, String bootId) {
        Map<String, String> labels = seen.labels();
        InstanceSpec spec = new InstanceSpec(
                labels.get(Labels.INSTANCE),
                labels.get(Labels.APP),
                labels.get(Labels.REVISION),
                labels.get(Labels.IMAGE),
                digest(seen),
                seen.memoryMb(),
                new TreeMap<>(),
                "",
                "",
                "",
                0,
                ADOPTED_STARTUP_SECONDS);
        return Entry.adopted(spec, port(labels.getOrDefault(Labels.PORT, "")), seen, digest(seen), bootId);
    }

    private static int port(String label) {
        return label.matches("\\d{1,5}") ? Integer.parseInt(label) : 0;
    }

    private static String digest(Inspected seen) {
        int at = seen.image().indexOf('@');
        return at < 0 ? "" : seen.image().substring(at + 1);
    }

    /** The platform's own variables win over the app's rows: the contract promises what they hold. */
    private static Map<String, String> env(NodeFacts node, InstanceSpec spec) {
        Map<String, String> env = new TreeMap<>(spec.env());
        env.put("APP_NAME", spec.app());
        env.put("HOST_IP", node.ip());
        env.put("SCRIBE_IP", spec.scribeIp().isEmpty() ? node.ip() : spec.scribeIp());
        env.put("SCRIBE_PORT", Integer.toString(spec.scribePort()));
        return env;
    }
}
