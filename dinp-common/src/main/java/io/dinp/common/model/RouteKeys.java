package io.dinp.common.model;

/**
 * The names of DINP's keys in Redis.
 *
 * <p>Every key begins with a slash and has a second part, because the original's router splits each key at the slash and
 * crashes on one that has none.
 */
public final class RouteKeys {
    /** Random text that changes when Redis has lost its data. */
    public static final String META_EPOCH = "/meta/epoch";
    /** Number raised by the same script as every change. An epoch without it: nobody believes the table until the server has written anew. */
    public static final String META_VERSION = "/meta/version";
    /** List of {@code <version> <key>}, the newest first. */
    public static final String META_CHANGES = "/meta/changes";
    /** Channel on which every change is published. */
    public static final String META_NOTIFY = "/meta/notify";
    /** Hash of host to settings: the known apps, with and without instances. */
    public static final String META_APPS = "/meta/apps";
    /** Prefix of the routers' leases. */
    public static final String META_ROUTER_PREFIX = "/meta/router/";
    /** The server's lease epoch. */
    public static final String META_LEADER = "/meta/leader";

    /**
     * Lua that takes the version away from a Redis that was put back to an earlier state, so that no router that starts takes the table for
     * today's, and no write that is under way is done. ARGV: the epoch and the version that were found; 1 when they still were those, else 0.
     */
    public static final String WITHDRAW = """
            local found = redis.call('MGET', '/meta/epoch', '/meta/version')
            local text = found[2] or '0'
            -- Fifteen digits: what a number of Lua tells apart.
            local version = #text <= 15 and string.match(text, '^%d+$') and tonumber(text) or 0
            if found[1] ~= ARGV[1] or version ~= tonumber(ARGV[2]) then
              return 0
            end
            if redis.call('DEL', '/meta/version') == 1 then
              redis.call('PUBLISH', '/meta/notify', '0 /meta/version')
            end
            return 1
            """;

    private final String rsPrefix;
    private final String cnamePrefix;

    /** Prefixes as configured, {@code /rs/} and {@code /cname/} in the original. */
    public RouteKeys(String rsPrefix, String cnamePrefix) {
        this.rsPrefix = checked("redis.rsPrefix", rsPrefix);
        this.cnamePrefix = checked("redis.cnamePrefix", cnamePrefix);
    }

    private static String checked(String field, String prefix) {
        if (!prefix.matches("/[^/\\s]+/")) {
            throw new IllegalArgumentException(field + " '" + prefix + "': use /word/");
        }
        return prefix;
    }

    /** Key of an app's endpoints. */
    public String app(AppName app, String domain) {
        return rsPrefix + app.hostLabel() + "." + domain;
    }

    /** Key of a custom domain. */
    public String cname(String host) {
        return cnamePrefix + host;
    }

    /** Whether the key lists endpoints. */
    public boolean isApp(String key) {
        return key.startsWith(rsPrefix) && key.length() > rsPrefix.length();
    }

    /** Whether the key binds a custom domain. */
    public boolean isCname(String key) {
        return key.startsWith(cnamePrefix) && key.length() > cnamePrefix.length();
    }

    /** The host that a key of either kind is for; throws {@link IllegalArgumentException} for another key. */
    public String hostOf(String key) {
        if (isApp(key)) {
            return key.substring(rsPrefix.length());
        }
        if (isCname(key)) {
            return key.substring(cnamePrefix.length());
        }
        throw new IllegalArgumentException("key '" + key + "': neither " + rsPrefix + " nor " + cnamePrefix);
    }

    /** Prefix of the keys that list endpoints. */
    public String rsPrefix() {
        return rsPrefix;
    }

    /** Prefix of the keys that bind custom domains. */
    public String cnamePrefix() {
        return cnamePrefix;
    }
}
