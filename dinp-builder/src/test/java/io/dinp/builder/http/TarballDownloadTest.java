package io.dinp.builder.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dinp.builder.core.BuildFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarballDownloadTest {
    @TempDir
    private Path directory;

    private final TarballDownload open = new TarballDownload(1000, true);
    private HttpServer server;
    private String origin;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        origin = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void fetches() throws Exception {
        serve("/a.tar.gz", 200, "content");
        Path target = directory.resolve("a");
        assertEquals(7, open.fetch(origin + "/a.tar.gz", target));
        assertEquals("content", Files.readString(target));
    }

    @Test
    void followsRedirects() throws Exception {
        redirect("/a.tar.gz", "/b");
        serve("/b", 200, "content");
        assertEquals(7, open.fetch(origin + "/a.tar.gz", directory.resolve("a")));
    }

    @Test
    void redirectsInACircleEnd() {
        redirect("/a.tar.gz", "/a.tar.gz");
        assertEquals("the archive cannot be fetched: more than 5 redirects", failure(open, origin + "/a.tar.gz"));
    }

    @Test
    void redirectsToFilesAreRefused() {
        redirect("/a.tar.gz", "file:///etc/passwd");
        assertEquals("tarball: 'file:///etc/passwd' is no http or https address", failure(open, origin + "/a.tar.gz"));
    }

    @Test
    void tellsTheStatus() {
        serve("/a.tar.gz", 404, "no");
        assertEquals("the archive cannot be fetched: 127.0.0.1 answered 404", failure(open, origin + "/a.tar.gz"));
    }

    @Test
    void endsAtTheLimit() {
        serve("/a.tar.gz", 200, "x".repeat(1001));
        assertEquals("the archive is larger than 0 MiB", failure(open, origin + "/a.tar.gz"));
    }

    @Test
    void refusesInternalAddresses() {
        TarballDownload strict = new TarballDownload(1000, false);
        String port = origin.substring(origin.lastIndexOf(':'));
        for (String host :
                new String[] {"127.0.0.1", "localhost", "[::1]", "169.254.169.254", "10.0.0.1", "[::ffff:127.0.0.1]"}) {
            String message = failure(strict, "http://" + host + port + "/a.tar.gz");
            assertTrue(message.contains("is not on the public internet"), message);
        }
    }

    @Test
    void endsWhenInterrupted() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        server.createContext("/slow.tar.gz", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            asked.countDown();
        });
        FutureTask<Object> fetch = new FutureTask<>(() -> assertThrows(
                InterruptedException.class, () -> open.fetch(origin + "/slow.tar.gz", directory.resolve("a"))));
        Thread thread = new Thread(fetch, "fetch");
        thread.start();
        assertTrue(asked.await(5, TimeUnit.SECONDS));
        thread.interrupt();
        fetch.get(5, TimeUnit.SECONDS);
    }

    private String failure(TarballDownload download, String url) {
        return assertThrows(BuildFailed.class, () -> download.fetch(url, directory.resolve("x")))
                .getMessage();
    }

    private void serve(String path, int status, String body) {
        server.createContext(path, exchange -> answer(exchange, status, body));
    }

    private void redirect(String path, String location) {
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().set("Location", location);
            answer(exchange, 302, "");
        });
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
