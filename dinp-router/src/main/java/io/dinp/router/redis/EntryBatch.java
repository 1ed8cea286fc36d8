package io.dinp.router.redis;

import io.dinp.common.model.RouteKeys;
import io.dinp.router.core.EntryRules;
import io.dinp.router.core.RouteTable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisDataException;

/** Reads keys in pipelines and writes what can be believed of them into the next table. */
final class EntryBatch {
    private final Jedis redis;
    private final RouteKeys keys;
    private final EntryRules rules;
    private final BadEntries badEntries;
    private final RouteTable.Editor editor;
    private final Set<String> routeHosts = new HashSet<>();
    private final Set<String> domains = new HashSet<>();

    EntryBatch(Jedis redis, RouteKeys keys, EntryRules rules, BadEntries badEntries, RouteTable.Editor editor) {
        this.redis = redis;
        this.keys = keys;
        this.rules = rules;
        this.badEntries = badEntries;
        this.editor = editor;
    }

    RouteTable.Editor editor() {
        return editor;
    }

    Set<String> routeHosts() {
        return routeHosts;
    }

    Set<String> domains() {
        return domains;
    }

    /** Drops what was in the former table and has not been read now. */
    RouteTable.Editor retainRead() {
        return editor.retain(routeHosts, domains);
    }

    /** Reads these changed keys with one round trip, and whether each host is that of a known app. */
    void readChanged(List<String> part) {
        read(part);
        Map<String, Response<Boolean>> apps = new HashMap<>();
        try (Pipeline pipeline = redis.pipelined()) {
            part.stream()
                    .filter(keys::isApp)
                    .map(keys::hostOf)
                    .forEach(host -> apps.put(host, pipeline.hexists(RouteKeys.META_APPS, host)));
            pipeline.sync();
        }
        apps.forEach((host, answer) -> believing(RouteKeys.META_APPS, () -> editor.app(host, answer.get())));
    }

    /** Reads these route keys with one round trip. */
    void read(List<String> part) {
        Map<String, Response<List<String>>> routes = new HashMap<>();
        Map<String, Response<String>> cnames = new HashMap<>();
        try (Pipeline pipeline = redis.pipelined()) {
            for (String key : part) {
                if (keys.isApp(key)) {
                    routes.put(key, pipeline.lrange(key, 0, -1));
                } else {
                    cnames.put(key, pipeline.get(key));
                }
            }
            pipeline.sync();
        }
        routes.forEach((key, answer) -> believing(key, () -> route(key, answer.get())));
        cnames.forEach((key, answer) -> believing(key, () -> cname(key, Optional.ofNullable(answer.get()))));
    }

    /** Reads which apps there are. */
    void readApps() {
        believing(RouteKeys.META_APPS, () -> editor.apps(redis.hkeys(RouteKeys.META_APPS)));
    }

    /** A key of another type is an error of that key, not of the reading. */
    private void believing(String key, Runnable work) {
        try {
            work.run();
        } catch (JedisDataException e) {
            badEntries.add(key, e.getMessage());
        }
    }

    private void route(String key, List<String> entries) {
        Optional<String> host = rules.host(keys.hostOf(key));
        if (host.isEmpty()) {
            badEntries.add(key, "no host name");
            return;
        }
        editor.endpoints(host.get(), rules.endpoints(entries, problem -> badEntries.add(key, problem)));
        routeHosts.add(host.get());
    }

    private void cname(String key, Optional<String> value) {
        Optional<String> domain = rules.host(keys.hostOf(key));
        Optional<String> target = value.filter(keys::isApp).map(keys::hostOf).flatMap(rules::host);
        if (domain.isEmpty()) {
            badEntries.add(key, "no host name");
        } else if (!rules.isForeign(domain.get())) {
            badEntries.add(key, "the domain is the platform's own");
            editor.cname(domain.get(), Optional.empty());
        } else {
            if (value.isPresent() && target.isEmpty()) {
                badEntries.add(key, "its value is no key of an app: " + value.get());
            }
            editor.cname(domain.get(), target);
            domains.add(domain.get());
        }
    }
}
