package io.dinp.hm.core;

import java.util.List;
import java.util.Optional;

/**
 * The outcome of a round.
 *
 * @param book to be handed to the next round
 * @param replacements to ask the server for
 * @param sickness why the monitor takes itself, not the apps, to be sick; it then asks for nothing
 */
public record Verdict(Book book, List<Replacement> replacements, Optional<String> sickness) {

    /**
     * An instance to be replaced, and why.
     *
     * @param repeated whether the server was asked in an earlier round already
     */
    public record Replacement(String app, String instance, String reason, boolean repeated) {}
}
