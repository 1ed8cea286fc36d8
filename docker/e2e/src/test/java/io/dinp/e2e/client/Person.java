package io.dinp.e2e.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Somebody with a cookie jar. Two ways to ask: as a browser does ({@link #open}, {@link #submit}: pages, redirects followed) and
 * as a script on the same jar does ({@link #read}, {@link #change}: JSON, no redirect followed).
 */
public final class Person {
    private static final int MOST_REDIRECTS = 10;

    private final HttpClient http = HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Map<String, String> csrf = new HashMap<>();

    /** Opens a page and follows its redirects. */
    public Page open(String url) {
        return follow(hop(url));
    }

    /** Asks for a page and stays at the first answer. */
    public Page hop(String url) {
        return send(browser(url).GET());
    }

    /** Sends a form of a page as it stands there, with these fields filled in, and follows the redirects. */
    public Page submit(Page page, String action, Map<String, String> filled) {
        Map<String, String> fields = new LinkedHashMap<>(page.hidden());
        fields.putAll(filled);
        return follow(send(browser(page.uri().resolve(action).toString())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(form(fields))));
    }

    /** Signs in at a service: from its front page to uic's form and back with the ticket. */
    public Page signIn(String service, String name, String password) {
        Page login = open(service + "/");
        return login.uri().getPath().startsWith("/auth/login")
                ? submit(login, "/auth/login", Map.of("name", name, "password", password))
                : login;
    }

    /** Asks for JSON. */
    public Page read(String url) {
        return send(script(url).GET());
    }

    /** Changes something as a script does, with the CSRF token of a form that this service has shown at {@code formPage}. */
    public Page change(String service, String formPage, String path, Map<String, String> fields) {
        return send(script(service + path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("X-Csrf-Token", token(service, formPage))
                .POST(form(fields)));
    }

    /** Sends a form with a file. */
    public Page upload(String service, String formPage, String path, Multipart parts) {
        return send(script(service + path)
                .header("Content-Type", parts.contentType())
                .header("X-Csrf-Token", token(service, formPage))
                .POST(BodyPublishers.ofByteArray(parts.bytes())));
    }

    /** Sends a POST without any CSRF token, as another site's page could make a browser do. */
    public Page forge(String url, Map<String, String> fields) {
        return send(script(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(form(fields)));
    }

    private String token(String service, String formPage) {
        return csrf.computeIfAbsent(
                service, base -> open(base + formPage).hidden().getOrDefault("csrf", ""));
    }

    private Page follow(Page page) {
        Page current = page;
        for (int i = 0; i < MOST_REDIRECTS && current.status() / 100 == 3; i++) {
            current = hop(current.uri().resolve(current.location()).toString());
        }
        return current;
    }

    private Page send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            String location = answer.headers().firstValue("Location").orElse("");
            return new Page(answer.uri(), answer.statusCode(), location, answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static HttpRequest.Builder browser(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(20))
                .header("Accept", "text/html,application/xhtml+xml");
    }

    private static HttpRequest.Builder script(String url) {
        return HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(20))
                .header("Accept", "application/json");
    }

    private static BodyPublisher form(Map<String, String> fields) {
        return BodyPublishers.ofString(fields.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&")));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
