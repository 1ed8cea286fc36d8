package io.dinp.dash.core;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an app was made from once; the values of its variables stay with the server.
 *
 * @param revision full id
 * @param envKeys names of its variables
 * @param createdAt epoch ms at which it was first wanted
 * @param target whether it is wanted now
 * @param lastGood whether it was the last to serve completely
 */
public record PastRevision(
        String revision,
        String image,
        int memoryMb,
        SortedSet<String> envKeys,
        long createdAt,
        boolean target,
        boolean lastGood) {

    public PastRevision {
        envKeys = envKeys == null ? new TreeSet<>() : new TreeSet<>(envKeys);
    }

    /** The first digits of the id, as the other pages show it. */
    public String shortId() {
        return revision.substring(0, Math.min(8, revision.length()));
    }

    /** Whether going back to it changes nothing. */
    public boolean isCurrent() {
        return target && lastGood;
    }

    /** The names, for a page. */
    public List<String> names() {
        return List.copyOf(envKeys);
    }

    /** Those of {@code names}, the app's present variables, that it did not have. */
    public List<String> lacks(Collection<String> names) {
        return names.stream().filter(name -> !envKeys.contains(name)).sorted().toList();
    }
}
