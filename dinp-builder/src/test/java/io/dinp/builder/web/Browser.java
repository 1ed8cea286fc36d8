package io.dinp.builder.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Asks the builder as a browser or as curl does, with one session cookie. */
public final class Browser {
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]{64})\"");
    private static final String BOUNDARY = "----dinp-test-boundary";

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI builder;
    private String accept = "text/html";
    private String sig = "";

    public Browser(URI builder) {
        this.builder = builder;
    }

    public Browser as(String session) {
        sig = session;
        return this;
    }

    /** From here on as a script would: no pages. */
    public Browser script() {
        accept = "*/*";
        return this;
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    public HttpResponse<String> method(String method, String path) throws IOException, InterruptedException {
        return send(request(path).method(method, BodyPublishers.noBody()));
    }

    public HttpResponse<String> post(String path, Map<String, String> fields, String... headers)
            throws IOException, InterruptedException {
        String form = fields.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest.Builder request = request(path)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    public HttpResponse<String> upload(String path, Map<String, String> fields, String fileName, byte[] content)
            throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Map.Entry<String, String> field : fields.entrySet()) {
            body.writeBytes(part("name=\"" + field.getKey() + "\"", ""));
            body.writeBytes(field.getValue().getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(part("name=\"file\"; filename=\"" + fileName + "\"", "Content-Type: application/gzip\r\n"));
        body.writeBytes(content);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return send(request(path)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArray(body.toByteArray())));
    }

    /** The token in the form page. */
    public String csrf() throws IOException, InterruptedException {
        Matcher token = CSRF.matcher(
                send(request("/").setHeader("Accept", "text/html").GET()).body());
        if (!token.find()) {
            throw new IllegalStateException("no token in the form page");
        }
        return token.group(1);
    }

    private static byte[] part(String disposition, String headers) {
        String head =
                "\r\n--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + disposition + "\r\n" + headers + "\r\n";
        return head.getBytes(StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(builder.resolve(path)).header("Accept", accept);
        return sig.isEmpty() ? request : request.header("Cookie", "sig=" + sig);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }
}
