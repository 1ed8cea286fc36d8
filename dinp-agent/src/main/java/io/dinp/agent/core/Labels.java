package io.dinp.agent.core;

import java.util.Map;
import java.util.TreeMap;

/** The container labels by which an agent knows its own instances, also without its journal. */
public final class Labels {
    /** Name of the cluster; the agent removes only containers of its own. */
    public static final String CLUSTER = "io.dinp.cluster";
    /** Name of the app. */
    public static final String APP = "io.dinp.app";
    /** Id of the revision that the instance is made from. */
    public static final String REVISION = "io.dinp.revision";
    /** Id of the instance, chosen by the server. */
    public static final String INSTANCE = "io.dinp.instance";
    /** Image as the app's row has it. */
    public static final String IMAGE = "io.dinp.image";
    /** Leased host port. */
    public static final String PORT = "io.dinp.port";

    private Labels() {}

    /** The labels of an instance's container. */
    public static Map<String, String> of(String cluster, Entry entry) {
        Map<String, String> labels = new TreeMap<>();
        labels.put(CLUSTER, cluster);
        labels.put(APP, entry.spec().app());
        labels.put(REVISION, entry.spec().revision());
        labels.put(INSTANCE, entry.spec().instance());
        labels.put(IMAGE, entry.spec().image());
        labels.put(PORT, Integer.toString(entry.port()));
        return labels;
    }
}
