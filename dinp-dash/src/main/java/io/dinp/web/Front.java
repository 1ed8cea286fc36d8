package io.dinp.web;

import com.jfinal.core.JFinal;
import com.jfinal.handler.Handler;
import io.dinp.common.daemon.Health;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first to see a request: sets the security headers, answers {@code /health}, {@code /metrics} and the assets, and is the last resort
 * for what JFinal would answer by a stack trace or by a file lookup.
 */
final class Front extends Handler {
    private static final Logger LOG = LoggerFactory.getLogger(Front.class);
    private static final String CONTENT_POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
                    + "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final Health health;
    private final Assets assets;
    private final Pages pages;
    private final WebMetrics metrics;

    Front(Health health, Assets assets, Pages pages, WebMetrics metrics) {
        this.health = health;
        this.assets = assets;
        this.pages = pages;
        this.metrics = metrics;
    }

    @Override
    public void handle(String target, HttpServletRequest request, HttpServletResponse response, boolean[] handled) {
        handled[0] = true;
        response.setHeader("Content-Security-Policy", CONTENT_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Cache-Control", "no-store");
        try {
            if (target.equals("/health")) {
                write(response, health.isOk() ? 200 : 503, "text/plain", health.text());
            } else if (target.equals("/metrics")) {
                metrics(request, response);
            } else {
                long start = System.nanoTime();
                site(target, request, response, handled);
                metrics.answered(response.getStatus(), System.nanoTime() - start);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} was not read to its end: {}", target, e.getMessage());
        }
    }

    private void site(String target, HttpServletRequest request, HttpServletResponse response, boolean[] handled)
            throws IOException {
        try {
            if (assets.has(target)) {
                assets.serve(target, request, response);
            } else if (target.indexOf('.') >= 0 || JFinal.me().getAction(target, new String[1]) == null) {
                notFound(request, response);
            } else {
                next.handle(target, request, response, handled);
            }
        } catch (LinkageError | AssertionError | StackOverflowError e) {
            LOG.error("{} failed", target, e);
            lastResort(response);
        }
    }

    private void metrics(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (metrics.mayRead(request.getHeader("Authorization"))) {
            write(response, 200, "text/plain; version=0.0.4", metrics.text());
        } else {
            response.setHeader("WWW-Authenticate", "Bearer");
            write(
                    response,
                    401,
                    "application/json",
                    "{\"msg\":\"send the header 'Authorization: Bearer <token>' with the token of this daemon\"}");
        }
    }

    private void notFound(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String accept = request.getHeader("Accept");
        if (accept != null && accept.contains("text/html")) {
            String page = pages.render("shared/refused.html", Map.of("status", 404, "message", "not found"));
            write(response, 404, "text/html", page);
        } else {
            write(response, 404, "application/json", "{\"msg\":\"not found\"}");
        }
    }

    private static void lastResort(HttpServletResponse response) {
        if (!response.isCommitted()) {
            response.reset();
            response.setStatus(500);
        }
    }

    private static void write(HttpServletResponse response, int status, String type, String text) throws IOException {
        response.setStatus(status);
        response.setContentType(type + "; charset=UTF-8");
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
