package io.dinp.router.core;

import io.dinp.common.model.HostNames;
import io.dinp.common.model.HostPort;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** What an entry of Redis must look like to be believed. Anybody may write there by hand, and one bad entry must cost no other route. */
public final class EntryRules {
    private static final Pattern IPV4 =
            Pattern.compile("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
    private static final Pattern HOST = Pattern.compile("[a-z0-9_-]{1,63}(\\.[a-z0-9_-]{1,63})*");

    private final String platformDomain;
    private final Set<String> ownHosts;

    /**
     * @param platformDomain the domain of the apps, or empty when it is not known
     * @param ownHosts names of the platform itself, which no custom domain may take
     */
    public EntryRules(String platformDomain, Set<String> ownHosts) {
        this.platformDomain = platformDomain.toLowerCase(Locale.ROOT);
        this.ownHosts = Set.copyOf(ownHosts);
    }

    /** The host as requests will ask for it, or empty when no request ever could. */
    public Optional<String> host(String text) {
        String host = HostNames.normalize(text);
        return HOST.matcher(host).matches() ? Optional.of(host) : Optional.empty();
    }

    /** The usable endpoints among the entries of one list, each once. */
    public List<HostPort> endpoints(List<String> entries, Consumer<String> problem) {
        Set<HostPort> endpoints = new LinkedHashSet<>();
        for (String entry : entries) {
            endpoint(entry).ifPresentOrElse(endpoints::add, () -> problem.accept("no IPv4 ip:port: " + entry));
        }
        return new ArrayList<>(endpoints);
    }

    private static Optional<HostPort> endpoint(String entry) {
        int colon = entry.indexOf(':');
        if (colon < 0 || !IPV4.matcher(entry.substring(0, colon)).matches()) {
            return Optional.empty();
        }
        try {
            HostPort endpoint = HostPort.parse(entry);
            return endpoint.port() > 0 ? Optional.of(endpoint) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether a custom domain may be served at all: never one of the platform's own. */
    public boolean isForeign(String domain) {
        return !ownHosts.contains(domain) && (platformDomain.isEmpty() || !HostNames.isUnder(domain, platformDomain));
    }
}
