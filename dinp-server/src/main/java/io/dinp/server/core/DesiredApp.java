package io.dinp.server.core;

import io.dinp.common.model.Constraints;
import io.dinp.common.model.Revision;
import java.util.Optional;

/**
 * An app as somebody wants it, after its row has been checked.
 *
 * @param revision what its instances are to be made from; empty when nothing is deployed yet or the row cannot be used
 * @param fault why the row cannot be used, "" when it can
 * @param constraints on which nodes it may run, as far as the row could be read
 * @param routed false when another app has the same host name in another case and came first
 */
public record DesiredApp(
        AppRow row, Optional<Revision> revision, String fault, Constraints constraints, boolean routed) {

    /** The app's name, as its row has it. */
    public String name() {
        return row.name();
    }

    /** How many instances shall serve; none for an app that was created but never deployed. */
    public int instances() {
        return row.image().isBlank() ? 0 : Math.max(0, row.instances());
    }

    /** True when the row is unusable: what runs stays, nothing new is tried. */
    public boolean faulty() {
        return !fault.isEmpty();
    }

    /** True when it may not run on every node. */
    boolean bound() {
        return !constraints.terms().isEmpty();
    }
}
