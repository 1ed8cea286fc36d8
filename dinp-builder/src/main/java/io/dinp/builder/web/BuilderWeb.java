package io.dinp.builder.web;

import com.jfinal.core.JFinalFilter;
import com.jfinal.server.undertow.UndertowConfig;
import com.jfinal.server.undertow.UndertowServer;
import io.dinp.builder.BuilderConfig;
import io.dinp.builder.core.ArchiveCheck.Limits;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.ServletStackTraces;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import javax.servlet.DispatcherType;
import javax.servlet.MultipartConfigElement;
import javax.servlet.ServletException;

/**
 * The builder's web server: Undertow with JFinal as its filter. Uploads go straight to the temporary directory and end
 * at the archive limit. One per JVM, since JFinal keeps its state in statics.
 */
public final class BuilderWeb extends UndertowServer implements AutoCloseable {
    private static final long FORM_BYTES = 1L << 20;
    private static final int THREADS = 16;
    private static final int MOST_FIELDS = 20;
    private static final Map<String, String> SECURITY_HEADERS = Map.of(
            "Content-Security-Policy",
                    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self';"
                            + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "same-origin");

    private final WebParts parts;

    public BuilderWeb(WebParts parts) {
        super(new UndertowConfig(WebConfig.class));
        this.parts = parts;
        BuilderConfig settings = parts.config();
        setHost(settings.httpaddr());
        setPort(settings.httpport());
        setDevMode(false);
        setResourcePath("classpath:webapp");
        onStart(builder -> builder.setIoThreads(2)
                .setWorkerThreads(THREADS)
                .setServerOption(UndertowOptions.MAX_PARAMETERS, MOST_FIELDS)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, FORM_BYTES)
                .setServerOption(UndertowOptions.MULTIPART_MAX_ENTITY_SIZE, Limits.DEFAULT.bytes() + FORM_BYTES));
        onDeploy((loader, deployment) -> deployment
                .setDefaultEncoding("UTF-8")
                .setServletStackTraces(ServletStackTraces.NONE)
                .setDefaultMultipartConfig(new MultipartConfigElement(
                        settings.tmpdir().toString(), Limits.DEFAULT.bytes(), Limits.DEFAULT.bytes() + FORM_BYTES, 0)));
    }

    /**
     * Begins to serve. In place of JFinal's own start, which prints a banner and ends the process on a failure.
     *
     * @throws IllegalStateException when the port is taken
     */
    public void open() throws IOException {
        Files.createDirectories(parts.config().tmpdir());
        doStart();
    }

    @Override
    public void close() throws ServletException {
        doStop();
    }

    @Override
    protected void configJFinalFilter() {
        var filter = new ImmediateInstanceFactory<>(new JFinalFilter(new WebConfig(parts)));
        deploymentInfo
                .addFilter(Servlets.filter("jfinal", JFinalFilter.class, filter))
                .addFilterUrlMapping("jfinal", "/*", DispatcherType.REQUEST);
    }

    @Override
    protected HttpHandler configHandler(HttpHandler next) {
        return exchange -> {
            SECURITY_HEADERS.forEach(
                    (name, value) -> exchange.getResponseHeaders().put(new HttpString(name), value));
            exchange.getResponseHeaders().remove(Headers.SERVER);
            if (isMultipart(exchange) && !exchange.getRequestPath().equals("/build")) {
                exchange.setStatusCode(StatusCodes.UNSUPPORTED_MEDIA_TYPE).endExchange();
            } else {
                next.handleRequest(exchange);
            }
        };
    }

    /** Such a body may be as large as an archive, and reading any field of it reads it all: only a signed-on user's may be. */
    private static boolean isMultipart(HttpServerExchange exchange) {
        String type = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
        return type != null && type.toLowerCase(Locale.ROOT).startsWith(PageController.MULTIPART);
    }
}
