package io.dinp.server.core;

import io.dinp.common.model.AppName;
import io.dinp.common.model.Constraints;
import io.dinp.common.model.HostNames;
import io.dinp.common.model.ImageRef;
import io.dinp.common.model.Revision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is wanted, as one complete read of MySQL had it. A row that cannot be used spoils only its own app.
 *
 * @param apps by name
 * @param domains host name to app, accepted ones only
 * @param refusedDomains host name to the reason of its refusal
 * @param nodes address to what operators wish of the node; only nodes of which anything is wished
 */
public record DesiredState(
        SortedMap<String, DesiredApp> apps,
        SortedMap<String, String> domains,
        SortedMap<String, String> refusedDomains,
        SortedMap<String, NodeWish> nodes) {

    /** Memory of an instance in MB that the platform accepts, smallest and largest. */
    public static final int MIN_MEMORY_MB = 128;

    /** See {@link #MIN_MEMORY_MB}. */
    public static final int MAX_MEMORY_MB = 10_240;

    private static final int MAX_INSTANCES = 1000;

    /** A state in which nothing is wished of any node. */
    public static DesiredState of(List<AppRow> rows, List<DomainRow> domainRows, Naming naming) {
        return of(rows, domainRows, new TreeMap<>(), naming);
    }

    /** Checks rows and derives each app's revision. */
    public static DesiredState of(
            List<AppRow> rows, List<DomainRow> domainRows, SortedMap<String, NodeWish> nodes, Naming naming) {
        SortedMap<String, DesiredApp> apps = new TreeMap<>();
        Set<String> labels = new HashSet<>();
        List<AppRow> byId = new ArrayList<>(rows);
        byId.sort(Comparator.comparingLong(AppRow::id));
        for (AppRow row : byId) {
            apps.put(row.name(), check(row, labels.add(row.name().toLowerCase(Locale.ROOT))));
        }
        SortedMap<String, String> domains = new TreeMap<>();
        SortedMap<String, String> refused = new TreeMap<>();
        for (DomainRow domain : domainRows) {
            String refusal = naming.refusal(domain.domain());
            if (refusal.isEmpty()) {
                domains.put(HostNames.normalize(domain.domain()), domain.appName());
            } else {
                refused.put(domain.domain(), refusal);
            }
        }
        return new DesiredState(apps, domains, refused, nodes);
    }

    /** A state without any app. */
    public static DesiredState empty() {
        return new DesiredState(new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /** What operators wish of a node. */
    public NodeWish wish(String node) {
        return nodes.getOrDefault(node, NodeWish.NONE);
    }

    /** The same state where some rows have a status that a write under way gives them. */
    public DesiredState withStatuses(Map<String, Integer> statuses) {
        SortedMap<String, DesiredApp> patched = new TreeMap<>(apps);
        statuses.forEach((name, status) -> patched.computeIfPresent(
                name,
                (n, app) -> new DesiredApp(
                        app.row().withStatus(status), app.revision(), app.fault(), app.constraints(), app.routed())));
        return new DesiredState(patched, domains, refusedDomains, nodes);
    }

    /** The same state with another wish for an app. */
    DesiredState with(DesiredApp app) {
        SortedMap<String, DesiredApp> patched = new TreeMap<>(apps);
        patched.put(app.name(), app);
        return new DesiredState(patched, domains, refusedDomains, nodes);
    }

    /** The same state as if there were no other apps, and no domains. */
    DesiredState only(Set<String> names) {
        SortedMap<String, DesiredApp> kept = new TreeMap<>(apps);
        kept.keySet().retainAll(names);
        return new DesiredState(kept, new TreeMap<>(), new TreeMap<>(), nodes);
    }

    private static DesiredApp check(AppRow row, boolean firstOfItsLabel) {
        Constraints constraints = Constraints.parse(row.constraints());
        String fault = faultOf(row, constraints);
        Optional<Revision> revision = fault.isEmpty() && !row.image().isBlank()
                ? Optional.of(Revision.of(row.name(), row.image(), row.memoryMb(), row.env(), row.deploySeq()))
                : Optional.empty();
        return new DesiredApp(
                row,
                revision,
                fault,
                constraints,
                firstOfItsLabel && nameFault(row.name()).isEmpty());
    }

    private static String faultOf(AppRow row, Constraints constraints) {
        String name = nameFault(row.name());
        if (!name.isEmpty()) {
            return name;
        }
        if (row.instances() < 0 || row.instances() > MAX_INSTANCES) {
            return "instance is " + row.instances() + ": give 0 to " + MAX_INSTANCES;
        }
        String rules = row.rules().fault().isEmpty()
                ? constraints.fault()
                : row.rules().fault();
        if (!rules.isEmpty() || row.image().isBlank()) {
            return rules;
        }
        if (row.memoryMb() < MIN_MEMORY_MB || row.memoryMb() > MAX_MEMORY_MB) {
            return "memory is " + row.memoryMb() + " MB: give " + MIN_MEMORY_MB + " to " + MAX_MEMORY_MB;
        }
        return imageFault(row.image());
    }

    private static String nameFault(String name) {
        try {
            AppName.of(name);
            return "";
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    private static String imageFault(String image) {
        try {
            ImageRef.parse(image);
            return "";
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }
}
