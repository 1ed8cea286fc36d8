package io.dinp.web;

import io.dinp.common.sso.CsrfTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A browser without scripts: keeps cookies by host as browsers do (ports do not matter), follows when told, fills in forms. */
public final class Browser {
    private static final Pattern HIDDEN = Pattern.compile("type=\"hidden\" name=\"(\\w+)\" value=\"([^\"]*)\"");
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final String accept;

    private Browser(String accept) {
        this.accept = accept;
    }

    /** A person's. */
    public static Browser ofPerson() {
        return new Browser("text/html");
    }

    /** A script's, which wants JSON, with the cookies of another. */
    public static Browser ofScript(Browser signedOn) {
        Browser script = new Browser("application/json");
        script.cookies.putAll(signedOn.cookies);
        return script;
    }

    /** An answer; {@code cookies} are its {@code Set-Cookie} lines. */
    public record Page(URI uri, int status, String location, String body, List<String> cookies) {
        /** The hidden fields of the page's forms. */
        public Map<String, String> hidden() {
            Map<String, String> fields = new LinkedHashMap<>();
            Matcher matcher = HIDDEN.matcher(body);
            while (matcher.find()) {
                fields.put(matcher.group(1), matcher.group(2).replace("&amp;", "&"));
            }
            return fields;
        }

        /** The CSRF token in the page. */
        public String csrf() {
            return hidden().get(CsrfTokens.FIELD);
        }
    }

    /** What this browser keeps under {@code name}. */
    public String cookie(String name) {
        return cookies.get(name);
    }

    /** Opens an address without following. */
    public Page get(String url) {
        return send("GET", url, null, Map.of());
    }

    /** Opens an address and goes where it leads. */
    public Page open(String url) {
        return follow(get(url));
    }

    /** Sends a form without following. */
    public Page post(String url, Map<String, String> form) {
        return send("POST", url, form, Map.of());
    }

    /** Sends a request of any kind; {@code form} may be null. */
    public Page send(String method, String url, Map<String, String> form, Map<String, String> headers) {
        URI uri = URI.create(url);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", accept);
        headers.forEach(request::header);
        if (!cookies.isEmpty()) {
            request.header("Cookie", join(cookies, "; ", false));
        }
        if (form == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/x-www-form-urlencoded");
            request.method(method, HttpRequest.BodyPublishers.ofString(join(form, "&", true)));
        }
        return exchange(uri, request.build());
    }

    /** Goes where redirects lead. */
    public Page follow(Page page) {
        Page current = page;
        for (int i = 0; i < 10 && current.status() == 303; i++) {
            current = get(current.uri().resolve(current.location()).toString());
        }
        return current;
    }

    private Page exchange(URI uri, HttpRequest request) {
        try {
            HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            List<String> set = answer.headers().allValues("Set-Cookie");
            set.forEach(this::keep);
            String location = answer.headers().firstValue("Location").orElse("");
            return new Page(uri, answer.statusCode(), location, answer.body(), set);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void keep(String header) {
        String pair = header.substring(0, header.indexOf(';'));
        String name = pair.substring(0, pair.indexOf('='));
        if (header.contains("Max-Age=0")) {
            cookies.remove(name);
        } else {
            cookies.put(name, pair.substring(name.length() + 1));
        }
    }

    private static String join(Map<String, String> pairs, String separator, boolean encoded) {
        StringBuilder joined = new StringBuilder();
        pairs.forEach((name, value) -> joined.append(joined.isEmpty() ? "" : separator)
                .append(name)
                .append('=')
                .append(encoded ? URLEncoder.encode(value, StandardCharsets.UTF_8) : value));
        return joined.toString();
    }
}
