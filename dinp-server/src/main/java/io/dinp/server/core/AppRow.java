package io.dinp.server.core;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One row of {@code app} with its {@code env} rows, as anybody with a MySQL client may have written them: nothing is
 * checked yet.
 *
 * @param memoryMb wanted memory limit in MB
 * @param status 0 all is well, else the {@link io.dinp.common.model.AppStatus} of the deploy that failed
 * @param rules how its deploys are rolled
 * @param constraints labels that its nodes must have or must not have, as {@code zone=a, disk!=slow}
 */
public record AppRow(
        long id,
        String name,
        String image,
        int memoryMb,
        int instances,
        int status,
        String health,
        int deploySeq,
        SortedMap<String, String> env,
        RolloutRules rules,
        String constraints) {

    /** Copies the environment, so that a row never changes under a plan. */
    public AppRow {
        env = new TreeMap<>(env);
    }

    /** A row that leaves it to the server how its deploys are rolled. */
    public AppRow(
            long id,
            String name,
            String image,
            int memoryMb,
            int instances,
            int status,
            String health,
            int deploySeq,
            SortedMap<String, String> env) {
        this(id, name, image, memoryMb, instances, status, health, deploySeq, env, RolloutRules.DEFAULT, "");
    }

    /** The same row after a deploy or a scale has written it, which also asks for a new try. */
    AppRow deployed(String newImage, int newMemoryMb, int newInstances) {
        return new AppRow(id, name, newImage, newMemoryMb, newInstances, 0, health, deploySeq, env, rules, constraints);
    }

    /** The same row with another status: what it will say once a write under way has been done. */
    public AppRow withStatus(int newStatus) {
        return new AppRow(id, name, image, memoryMb, instances, newStatus, health, deploySeq, env, rules, constraints);
    }
}
