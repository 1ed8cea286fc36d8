package io.dinp.agent.probe;

import io.dinp.agent.core.Readiness;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes a container's own address on 8080, never the published port: Docker's proxy accepts connections for an app that does
 * not listen. Answers the fault as text, empty when the instance is ready.
 */
public final class Prober {
    private static final Logger log = LoggerFactory.getLogger(Prober.class);
    private static final int APP_PORT = 8080;
    private static final int MAX_BODY = 64 * 1024;

    private final Duration connectTimeout;
    private final Duration readTimeout;

    /** With limits for the connection and for the answer. */
    public Prober(Duration connectTimeout, Duration readTimeout) {
        this.connectTimeout = connectTimeout;
        this.readTimeout = readTimeout;
    }

    /** HTTP on the path when there is one, else TCP. */
    public Optional<String> probe(String address, String path, String sign) {
        if (address.isEmpty()) {
            return Optional.of("the container has no address");
        }
        return path.isEmpty() ? tcp(address) : http(address, path, sign);
    }

    /** Whether something accepts a connection. */
    public Optional<String> tcp(String address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, APP_PORT), (int) connectTimeout.toMillis());
            return Optional.empty();
        } catch (IOException e) {
            return fault("TCP " + address + ":" + APP_PORT, e);
        }
    }

    private Optional<String> http(String address, String path, String sign) {
        String target = "http://" + address + ":" + APP_PORT + (path.startsWith("/") ? path : "/" + path);
        try {
            HttpURLConnection request =
                    (HttpURLConnection) URI.create(target).toURL().openConnection(Proxy.NO_PROXY);
            request.setConnectTimeout((int) connectTimeout.toMillis());
            request.setReadTimeout((int) readTimeout.toMillis());
            request.setInstanceFollowRedirects(false);
            request.setUseCaches(false);
            request.setRequestProperty("Connection", "close");
            request.setRequestProperty("User-Agent", "dinp-agent");
            try {
                int status = request.getResponseCode();
                boolean good = Readiness.fault(status, "", "").isEmpty();
                return Readiness.fault(status, good && !sign.isEmpty() ? body(request) : "", sign)
                        .map(fault -> "GET " + target + ": " + fault);
            } finally {
                request.disconnect();
            }
        } catch (IOException | IllegalArgumentException e) {
            return fault("GET " + target, e);
        }
    }

    private static String body(HttpURLConnection request) throws IOException {
        try (InputStream stream = request.getInputStream()) {
            return new String(stream.readNBytes(MAX_BODY), StandardCharsets.UTF_8);
        }
    }

    private static Optional<String> fault(String what, Exception e) {
        log.trace("probe failed", e);
        return Optional.of(what + ": " + e.getMessage());
    }
}
