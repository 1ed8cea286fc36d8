package io.dinp.common.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An order to an agent: everything that one instance needs. The server chooses the id, and the order is idempotent under it.
 *
 * @param digest the image's content when it is known, else empty: pull by tag
 * @param health path of the readiness probe, or empty for a TCP probe
 * @param healthSign text that the answer must contain, or empty
 * @param scribeIp log collector, or empty for the node's own address
 * @param startupSeconds how long the instance may take to become ready
 */
public record InstanceSpec(
        String instance,
        String app,
        String revision,
        String image,
        String digest,
        int memoryMb,
        SortedMap<String, String> env,
        String health,
        String healthSign,
        String scribeIp,
        int scribePort,
        int startupSeconds) {

    public InstanceSpec {
        instance = orEmpty(instance);
        app = orEmpty(app);
        revision = orEmpty(revision);
        image = orEmpty(image);
        digest = orEmpty(digest);
        env = Collections.unmodifiableSortedMap(env == null ? new TreeMap<>() : new TreeMap<>(env));
        health = orEmpty(health);
        healthSign = orEmpty(healthSign);
        scribeIp = orEmpty(scribeIp);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    /** Without the env's values, which may be secrets. */
    @Override
    public String toString() {
        return "InstanceSpec[" + instance + " app=" + app + " image=" + image + " " + memoryMb + "MB env="
                + env.keySet() + "]";
    }
}
