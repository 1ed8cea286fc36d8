package io.dinp.router.core;

import io.dinp.common.model.HostPort;
import java.util.Set;

/**
 * What is different between two tables, so that a change costs what it changes and not what there is.
 *
 * @param hosts whose routes were added, removed, or lead elsewhere, and of apps that are known now or no more
 * @param domains custom domains that were added, removed, or lead elsewhere
 * @param gone endpoints to which no route leads any more
 * @param came endpoints to which none led before
 */
public record TableDiff(Set<String> hosts, Set<String> domains, Set<HostPort> gone, Set<HostPort> came) {
    /** Whether the two tables are the same. */
    public boolean isEmpty() {
        return hosts.isEmpty() && domains.isEmpty() && gone.isEmpty() && came.isEmpty();
    }
}
