package io.dinp.e2e.bed;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The daemons' configurations as an operator would write them: the original's keys, the bridge's addresses, a password or token
 * everywhere.
 */
final class Settings {
    /** The platform's domain of this test bed. */
    static final String DOMAIN = "apps.e2e";

    private static final String CLUSTER = "e2e";
    static final String TOKEN = "e2e-control-token";
    static final String UIC_TOKEN = "e2e-uic-token";
    private static final String SECRET = Infrastructure.PASSWORD;

    private final Site site;
    private final String host;
    private final String dsn;

    Settings(Site site) {
        this.site = site;
        this.host = site.address();
        this.dsn = "dinp:" + SECRET + "@tcp(" + host + ":" + Ports.MYSQL + ")/dinp?charset=utf8&loc=UTC";
    }

    Map<String, Object> server() {
        return Map.ofEntries(
                Map.entry("domain", DOMAIN),
                Map.entry("localIp", host),
                Map.entry("token", TOKEN),
                Map.entry("agentToken", TOKEN),
                Map.entry("cluster", CLUSTER),
                Map.entry("startupSeconds", 20),
                Map.entry("bakeSeconds", 0),
                Map.entry("db", Map.of("dsn", dsn)),
                Map.entry("redis", Map.of("dsn", host + ":" + Ports.REDIS, "password", SECRET)),
                Map.entry("http", Map.of("addr", host, "port", Ports.SERVER_HTTP)),
                Map.entry("rpc", Map.of("addr", host, "port", Ports.SERVER_RPC)));
    }

    Map<String, Object> agent(Engine engine, Path state) {
        return Map.ofEntries(
                Map.entry("localIp", engine.address()),
                Map.entry("servers", List.of(host + ":" + Ports.SERVER_RPC)),
                Map.entry("docker", "unix://" + engine.socket()),
                Map.entry("token", TOKEN),
                Map.entry("cluster", CLUSTER),
                Map.entry("memory", 6144),
                Map.entry("stateDir", state.toString()),
                Map.entry("http", Map.of("addr", engine.address(), "port", Ports.AGENT)),
                Map.entry("registries", List.of(Map.of("registry", registry(), "user", "dinp", "password", SECRET))));
    }

    Map<String, Object> router(String address, Path folder) {
        return Map.ofEntries(
                Map.entry("addr", address),
                Map.entry("port", Ports.ROUTER),
                Map.entry("state_dir", folder.toString()),
                Map.entry("redis_server", host + ":" + Ports.REDIS),
                Map.entry("redis_password", SECRET),
                Map.entry("domain", DOMAIN),
                Map.entry(
                        "status",
                        Map.of("addr", address, "port", Ports.ROUTER_STATUS, "user", "dinp", "pass", SECRET)));
    }

    Map<String, Object> builder(Engine engine, Path folder) {
        return Map.ofEntries(
                Map.entry("httpaddr", host),
                Map.entry("httpport", site.builderPort()),
                Map.entry("external", url(site.builderPort())),
                Map.entry("dbuser", "dinp"),
                Map.entry("dbpass", SECRET),
                Map.entry("dbhost", host),
                Map.entry("dbport", Ports.MYSQL),
                Map.entry("dbname", "dinp"),
                Map.entry("tmpdir", folder.resolve("tmp").toString()),
                Map.entry("logdir", folder.resolve("log").toString()),
                Map.entry("docker", "unix://" + engine.socket()),
                Map.entry("registry", registry()),
                Map.entry("registryUser", "dinp"),
                Map.entry("registryPassword", SECRET),
                Map.entry("uicinternal", url(site.uicPort())),
                Map.entry("uicexternal", url(site.uicPort())),
                Map.entry("token", UIC_TOKEN));
    }

    Map<String, Object> dash() {
        return Map.ofEntries(
                Map.entry("http", Map.of("addr", host, "port", site.dashPort())),
                Map.entry("db", Map.of("dsn", dsn)),
                Map.entry("uicInternal", url(site.uicPort())),
                Map.entry("uicExternal", url(site.uicPort())),
                Map.entry("builder", url(site.builderPort())),
                Map.entry("server", url(Ports.SERVER_HTTP)),
                Map.entry("serverToken", TOKEN),
                Map.entry("paasDomain", DOMAIN),
                Map.entry("external", url(site.dashPort())),
                Map.entry("appsPort", Ports.ROUTER),
                Map.entry("token", UIC_TOKEN));
    }

    Map<String, Object> uic() {
        return Map.ofEntries(
                Map.entry("http", Map.of("addr", host, "port", site.uicPort())),
                Map.entry("db", Map.of("dsn", dsn)),
                Map.entry("canRegister", true),
                Map.entry("callbacks", List.of(url(site.dashPort()), url(site.builderPort()))),
                Map.entry("token", UIC_TOKEN));
    }

    Map<String, Object> hm() {
        return Map.ofEntries(
                Map.entry("check_interval", 1),
                Map.entry("server_http_api", url(Ports.SERVER_HTTP) + "/real"),
                Map.entry("token", TOKEN),
                Map.entry("db", Map.of("dsn", dsn)),
                Map.entry("http", Map.of("addr", host, "port", Ports.HM)));
    }

    private String registry() {
        return host + ":" + Ports.REGISTRY;
    }

    String url(int port) {
        return "http://" + host + ":" + port;
    }
}
