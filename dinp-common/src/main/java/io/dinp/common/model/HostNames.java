package io.dinp.common.model;

import java.util.Locale;

/** Host names as routes compare them, so that server, dashboard and router agree on what is the same host. */
public final class HostNames {
    private HostNames() {}

    /** Lower-cased, without port and without a trailing dot; empty for {@code null}. */
    public static String normalize(String hostHeader) {
        if (hostHeader == null) {
            return "";
        }
        String host = hostHeader.trim();
        int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
        if (end > 0) {
            host = host.substring(0, end);
        } else if (end == 0 && host.startsWith(":")) {
            host = "";
        }
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        return host.toLowerCase(Locale.ROOT);
    }

    /** Whether a normalized host is the domain or lies under it. */
    public static boolean isUnder(String host, String domain) {
        return host.equals(domain) || host.endsWith("." + domain);
    }
}
