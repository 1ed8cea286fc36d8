package io.dinp.common.config;

import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A database's address, and how the original's and Java's ways of writing one are read.
 *
 * @param jdbcUrl address and options for the driver, without credentials
 */
public record Dsn(String jdbcUrl, String user, Secret password) {
    /** {@code user:password@tcp(host:port)/database?…}: the last {@code @tcp(} ends the password, which may hold any sign. */
    private static final Pattern GO_FORM = Pattern.compile(
            "(?<user>[^:@]+)(?::(?<password>.*))?@tcp\\((?<address>[^()]+)\\)/(?<database>[^?]+)(?:\\?.*)?");

    private static final Pattern JDBC_FORM =
            Pattern.compile("jdbc:mysql://(?<address>[^/]+)/(?<database>[^?]+)(?:\\?(?<query>.*))?");

    private static final Pattern REDIS_FORM =
            Pattern.compile("(?<scheme>rediss?://)?(?<credentials>[^@/\\s]*@)?(?<host>[^\\s/@:]+)(?<port>:[0-9]{1,5})?"
                    + "(?<database>/[0-9]*)?");

    /** What MySQL's driver needs to notice a silent server, and to speak UTC. */
    private static final Map<String, String> DRIVER = driverDefaults();

    /** Reads Go's form or a {@code jdbc:mysql:} URL; throws {@link IllegalArgumentException} that does not tell the password. */
    public static Dsn mysql(String text) {
        Matcher go = GO_FORM.matcher(text);
        if (go.matches()) {
            return new Dsn(
                    url(go.group("address"), go.group("database"), Map.of()),
                    go.group("user"),
                    new Secret(go.group("password")));
        }
        Matcher jdbc = JDBC_FORM.matcher(text);
        if (jdbc.matches()) {
            Map<String, String> query = query(jdbc.group("query"));
            String user = query.getOrDefault("user", "");
            Secret password = new Secret(query.getOrDefault("password", ""));
            query.remove("user");
            query.remove("password");
            return new Dsn(url(jdbc.group("address"), jdbc.group("database"), query), user, password);
        }
        throw new IllegalArgumentException(
                "use user:password@tcp(host:port)/database or jdbc:mysql://host:port/database?user=…&password=…");
    }

    /** Reads {@code host:port}, {@code host} or a {@code redis://} URL; the password, when set, goes over one in the URL. */
    public static URI redis(String text, Secret password) {
        Matcher form = REDIS_FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("use host:port or redis://host:port");
        }
        String scheme = form.group("scheme") == null ? "redis://" : form.group("scheme");
        String credentials = form.group("credentials") == null ? "" : form.group("credentials");
        if (!password.isEmpty()) {
            credentials = ":" + percentEncoded(password.value()) + "@";
        }
        String port = form.group("port") == null ? ":6379" : form.group("port");
        String database = form.group("database") == null ? "" : form.group("database");
        return URI.create(scheme + credentials + form.group("host") + port + database);
    }

    private static String percentEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String url(String address, String database, Map<String, String> query) {
        Map<String, String> all = new LinkedHashMap<>(DRIVER);
        all.putAll(query);
        StringBuilder url = new StringBuilder("jdbc:mysql://")
                .append(address.contains(":") ? address : address + ":3306")
                .append('/')
                .append(database);
        char separator = '?';
        for (Map.Entry<String, String> entry : all.entrySet()) {
            url.append(separator).append(entry.getKey()).append('=').append(entry.getValue());
            separator = '&';
        }
        return url.toString();
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new LinkedHashMap<>();
        for (String pair : text == null ? new String[0] : text.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(
                        pair.substring(0, equals),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }

    private static Map<String, String> driverDefaults() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("useServerPrepStmts", "true");
        options.put("cachePrepStmts", "true");
        options.put("rewriteBatchedStatements", "true");
        options.put("connectionTimeZone", "UTC");
        options.put("forceConnectionTimeZoneToSession", "true");
        options.put("connectTimeout", "2000");
        options.put("socketTimeout", "5000");
        options.put("tcpKeepAlive", "true");
        // MySQL 8 gives its key for the password exchange only when asked; without it a first sign-on fails.
        options.put("allowPublicKeyRetrieval", "true");
        options.put("sslMode", "PREFERRED");
        return options;
    }
}
