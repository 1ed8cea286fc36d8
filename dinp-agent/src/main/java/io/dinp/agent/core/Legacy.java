package io.dinp.agent.core;

/**
 * A container of the original or of a person: known by {@code APP_NAME} in its environment and a published 8080, reported,
 * never touched.
 *
 * @param container what the engine tells of it
 * @param status the engine's words, such as {@code Up 3 seconds}
 * @param listening whether something has accepted a connection on its own address: its port is reported only then
 */
public record Legacy(Inspected container, String status, boolean listening) {
    private static final String APP_NAME = "APP_NAME";

    /** Whether the container is one: unlabelled, running, with a name and a published 8080. */
    public static boolean isOne(Inspected container) {
        return !container.labels().containsKey(Labels.CLUSTER)
                && container.running()
                && container.publicPort() > 0
                && !appName(container).isEmpty();
    }

    /** The app that it belongs to. */
    public String app() {
        return appName(container);
    }

    private static String appName(Inspected container) {
        return container.env().getOrDefault(APP_NAME, "");
    }
}
