package io.dinp.agent.probe;

import io.dinp.agent.core.Readiness;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
    /** A read's own limit does not end an answer that comes byte by byte, for which a stop would wait. */
    private static final ScheduledThreadPoolExecutor DEADLINES = deadlines();

    private final Duration connectTimeout;
    private final Duration readTimeout;
    private final Duration whole;

    /** With limits for the connection and for each piece of the answer; the whole takes at most the sum of both. */
    public Prober(Duration connectTimeout, Duration readTimeout) {
        this.connectTimeout = connectTimeout;
        this.readTimeout = readTimeout;
        this.whole = connectTimeout.plus(readTimeout);
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
        long deadline = System.nanoTime() + whole.toNanos();
        try {
            HttpURLConnection request = open(target);
            Future<?> end = DEADLINES.schedule(request::disconnect, whole.toMillis(), TimeUnit.MILLISECONDS);
            try {
                int status = request.getResponseCode();
                boolean good = Readiness.fault(status, "", "").isEmpty();
                return Readiness.fault(status, good && !sign.isEmpty() ? body(request, deadline) : "", sign)
                        .map(fault -> "GET " + target + ": " + fault);
            } finally {
                end.cancel(false);
                request.disconnect();
            }
        } catch (IOException | IllegalArgumentException e) {
            Optional<String> fault = fault("GET " + target, e);
            return deadline - System.nanoTime() > 0
                    ? fault
                    : Optional.of("GET " + target + ": no whole answer within " + whole.toMillis() + " ms");
        }
    }

    private HttpURLConnection open(String target) throws IOException {
        HttpURLConnection request =
                (HttpURLConnection) URI.create(target).toURL().openConnection(Proxy.NO_PROXY);
        request.setConnectTimeout((int) connectTimeout.toMillis());
        request.setReadTimeout((int) readTimeout.toMillis());
        request.setInstanceFollowRedirects(false);
        request.setUseCaches(false);
        request.setRequestProperty("Connection", "close");
        request.setRequestProperty("User-Agent", "dinp-agent");
        return request;
    }

    private static String body(HttpURLConnection request, long deadline) throws IOException {
        byte[] body = new byte[MAX_BODY];
        int length = 0;
        try (InputStream stream = request.getInputStream()) {
            int read = 0;
            while (read >= 0 && length < body.length) {
                if (deadline - System.nanoTime() <= 0) {
                    throw new SocketTimeoutException("the body goes on and on");
                }
                length += read;
                read = stream.read(body, length, body.length - length);
            }
        }
        return new String(body, 0, length, StandardCharsets.UTF_8);
    }

    private static Optional<String> fault(String what, Exception e) {
        log.trace("probe failed", e);
        return Optional.of(what + ": " + e.getMessage());
    }

    private static ScheduledThreadPoolExecutor deadlines() {
        ScheduledThreadPoolExecutor deadlines = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "probe-deadline");
            thread.setDaemon(true);
            return thread;
        });
        deadlines.setRemoveOnCancelPolicy(true);
        return deadlines;
    }
}
