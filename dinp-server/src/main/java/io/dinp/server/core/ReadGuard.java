package io.dinp.server.core;

import java.util.HashSet;
import java.util.Set;

/**
 * Believes a read of the desired state, unless it lost so many apps at once that it must be seen twice: a table emptied
 * by accident, or half restored, is not a wish.
 */
public final class ReadGuard {

    private static final int MANY = 10;

    private ReadGuard() {}

    /**
     * True when a read may be acted on.
     *
     * @param known apps of the last believed read
     * @param read apps of this one
     * @param doubted apps of the read before, if that one was doubted; null otherwise
     */
    public static boolean believes(Set<String> known, Set<String> read, Set<String> doubted) {
        Set<String> lost = new HashSet<>(known);
        lost.removeAll(read);
        boolean alarming = lost.size() > MANY && lost.size() * 2 > known.size();
        return !alarming || read.equals(doubted);
    }
}
