package io.dinp.dash.domain;

import io.dinp.common.model.HostNames;
import io.dinp.web.Fields;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The form "new domain": which host names a user may claim. */
public final class DomainValidator {
    private static final int LONGEST = 253;
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern HOST = Pattern.compile(LABEL + "(\\." + LABEL + ")+");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

    private final String platform;
    private final Set<String> platformHosts;

    /**
     * Rules of one installation.
     *
     * @param platform the platform's own domain, which with everything below it is not for users
     * @param platformHosts further names of the platform itself; what lies below them could set cookies for them
     */
    public DomainValidator(String platform, Set<String> platformHosts) {
        this.platform = platform.toLowerCase(Locale.ROOT);
        this.platformHosts = Set.copyOf(platformHosts);
    }

    /** The checked name: lower-case, without port and trailing dot. */
    public String create(Fields form) {
        String typed = form.required("domain", LONGEST);
        String host = HostNames.normalize(typed);
        if (!HOST.matcher(host).matches() || ADDRESS.matcher(host).matches() || host.length() > LONGEST) {
            form.reject("domain", "'" + typed + "' is not a host name such as www.example.com");
        } else if (HostNames.isUnder(host, platform)) {
            form.reject(
                    "domain",
                    "'" + host + "' lies under " + platform + ", the platform's own domain: choose one of yours");
        } else if (platformHosts.stream().anyMatch(own -> HostNames.isUnder(host, own))) {
            form.reject(
                    "domain",
                    "'" + host + "' is a name of the platform itself, or lies under one: choose one of yours");
        }
        return host;
    }
}
