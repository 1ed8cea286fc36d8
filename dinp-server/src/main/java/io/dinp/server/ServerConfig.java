package io.dinp.server;

import io.dinp.common.config.Dsn;
import io.dinp.common.config.Secret;
import io.dinp.common.config.Settings;
import io.dinp.common.model.RouteKeys;
import io.dinp.server.core.Naming;
import io.dinp.server.core.Policy;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The server's configuration, checked.
 *
 * @param token what clients of the HTTP API send
 * @param agentToken shared with the agents, both ways; the same as the token when not set
 * @param openReads lets everybody read the HTTP API
 * @param db where MySQL is; empty only while the configuration has errors
 * @param redis where Redis is, with its password
 * @param rpcPlain takes heartbeats without credentials, as the original's tools send them
 */
record ServerConfig(
        Secret token,
        Secret agentToken,
        boolean openReads,
        Optional<Dsn> db,
        int dbMaxIdle,
        Optional<URI> redis,
        int redisMaxIdle,
        String cluster,
        Naming naming,
        Policy policy,
        Listen http,
        Listen rpc,
        boolean rpcPlain) {

    /** An address to listen on. */
    record Listen(String addr, int port) {}

    /** Reads all keys; what is wrong is left to {@link Settings#verify()}. */
    static ServerConfig of(Settings s) {
        s.ignored("debug", "the log level is set in logback.xml");
        s.ignored("dockerPort", "agents alone talk to Docker, over its local socket");
        s.ignored("localIp", "nodes are known by their own beats");
        s.ignored("go_max_procs", "the JVM uses all processors");
        Secret token = s.secret("token", "");
        if (token.isEmpty()) {
            s.reject("token", "", "give a long random text; dashboard, builder and health monitor send it");
        }
        Secret agentToken = s.secret("agentToken", "");
        return new ServerConfig(
                token,
                agentToken.isEmpty() ? token : agentToken,
                s.flag("openReads", false),
                db(s),
                s.integer("db.maxIdle", 4, 1, 100),
                redis(s),
                s.integer("redis.maxIdle", 4, 1, 100),
                s.text("cluster", "dinp"),
                naming(s),
                policy(s),
                new Listen(s.text("http.addr", "0.0.0.0"), s.integer("http.port", 1980, 0, 65_535)),
                new Listen(s.text("rpc.addr", "0.0.0.0"), s.integer("rpc.port", 1970, 0, 65_535)),
                s.flag("rpc.plain", false));
    }

    private static Optional<Dsn> db(Settings s) {
        Secret dsn = s.secret("db.dsn", "");
        try {
            return Optional.of(Dsn.mysql(dsn.value()));
        } catch (IllegalArgumentException e) {
            s.reject("db.dsn", dsn.toString(), e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<URI> redis(Settings s) {
        String dsn = s.text("redis.dsn", "127.0.0.1:6379");
        Secret password = s.secret("redis.password", "");
        try {
            return Optional.of(Dsn.redis(dsn, password));
        } catch (IllegalArgumentException e) {
            s.reject("redis.dsn", dsn, e.getMessage());
            return Optional.empty();
        }
    }

    private static Naming naming(Settings s) {
        String rs = s.text("redis.rsPrefix", "/rs/");
        String cname = s.text("redis.cnamePrefix", "/cname/");
        RouteKeys keys = new RouteKeys("/rs/", "/cname/");
        try {
            keys = new RouteKeys(rs, cname);
        } catch (IllegalArgumentException e) {
            s.reject("redis.rsPrefix", rs + " and redis.cnamePrefix " + cname, e.getMessage());
        }
        String domain = s.text("domain", "apps.io");
        Set<String> hosts = Set.copyOf(s.list("platformHosts", List.of()));
        return new Naming(keys, domain, hosts);
    }

    private static Policy policy(Settings s) {
        return new Policy(
                s.seconds("interval", 5, 1, 60),
                s.integer("staleIntervals", 3, 2, 100),
                s.seconds("drainSeconds", 30, 0, 3600),
                s.seconds("graceSeconds", 30, 0, 3600),
                s.seconds("minUnrouted", 0, 0, 3600),
                s.integer("surge", 25, 1, 100),
                s.seconds("bakeSeconds", 10, 0, 3600),
                s.seconds("rolloutSeconds", 300, 10, 86_400),
                s.integer("startupSeconds", 60, 1, 3600),
                s.integer("maxActionsPerTick", 50, 1, 1000),
                s.text("spreadLabel", ""),
                s.text("healthSign", ""),
                s.text("scribe.ip", ""),
                s.integer("scribe.port", 1463, 1, 65_535));
    }
}
