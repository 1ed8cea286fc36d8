package io.dinp.common.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Secret;
import io.dinp.common.json.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Calls another daemon's API: JSON both ways, a bearer token, and a deadline over the whole exchange. Thread-safe. */
public final class JsonClient {
    private final String name;
    private final Secret bearer;
    private final Duration timeout;
    private final HttpClient client;

    /**
     * A client.
     *
     * @param name names the peer in errors
     * @param bearer token to send; none when empty
     * @param timeout for connecting, asking and reading all of the answer
     */
    public JsonClient(String name, Secret bearer, Duration timeout) {
        this.name = name;
        this.bearer = bearer;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(timeout)
                .build();
    }

    /** An answer, whatever its status. */
    public record Response(int status, byte[] body) {
        /** The body as text. */
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** The answer's {@code msg}, or its whole text when it has none. */
        public String message() {
            try {
                JsonNode msg = Json.mapper().readTree(body).path("msg");
                return msg.isTextual() ? msg.asText() : text();
            } catch (IOException e) {
                return text();
            }
        }
    }

    /** Reads a value; throws {@link HttpFailure} unless the status is 200. */
    public <T> T get(URI uri, Class<T> type) throws IOException {
        Response response = send("GET", uri, null);
        if (response.status() != 200) {
            throw new HttpFailure(
                    response.status(), name + " answered " + response.status() + ": " + response.message());
        }
        return Json.read(response.body(), type);
    }

    /**
     * Sends a request and waits for all of the answer.
     *
     * @param body written as JSON; none when null
     * @throws IOException when there is no answer within the deadline
     */
    public Response send(String method, URI uri, Object body) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer =
                client.sendAsync(request(method, uri, body), HttpResponse.BodyHandlers.ofByteArray());
        try {
            HttpResponse<byte[]> response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Response(response.statusCode(), response.body());
        } catch (TimeoutException e) {
            throw new IOException(name + " did not answer within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new IOException(name + " does not answer: " + cause(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("stopped while waiting for " + name).initCause(e);
        } finally {
            answer.cancel(true);
        }
    }

    private static String cause(ExecutionException e) {
        Throwable cause = e.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private HttpRequest request(String method, URI uri, Object body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(Json.writeBytes(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (!bearer.isEmpty()) {
            request.header("Authorization", "Bearer " + bearer.value());
        }
        return request.build();
    }
}
