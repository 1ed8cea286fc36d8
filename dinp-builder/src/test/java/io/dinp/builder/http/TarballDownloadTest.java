package io.dinp.builder.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.dinp.builder.core.BuildFailed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
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
    void theTextOfARedirectIsNoPartOfTheArchive() throws Exception {
        server.createContext("/a.tar.gz", exchange -> {
            exchange.getResponseHeaders().set("Location", "/b");
            answer(exchange, 302, "<html>it has moved to another place</html>");
        });
        serve("/b", 200, "content");
        Path target = directory.resolve("a");
        open.fetch(origin + "/a.tar.gz", target);
        assertEquals("content", Files.readString(target));
    }

    /** A name that means one address when it is judged and another one when it is used gets its way with neither. */
    @Test
    void connectsToTheAddressThatWasJudged() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<String> host = new AtomicReference<>();
        server.createContext("/a.tar.gz", exchange -> {
            host.set(exchange.getRequestHeaders().getFirst("Host"));
            answer(exchange, 200, "content");
        });
        TarballDownload download = new TarballDownload(1000, true, name -> loopback(asked.incrementAndGet()), null);
        String authority = "demo.invalid:" + server.getAddress().getPort();
        assertEquals(7, download.fetch("http://" + authority + "/a.tar.gz", directory.resolve("a")));
        assertEquals(1, asked.get());
        assertEquals(authority, host.get());
    }

    @Test
    void oneInternalAddressAmongPublicOnesIsEnough() throws Exception {
        TarballDownload strict = new TarballDownload(
                1000,
                false,
                name -> new InetAddress[] {
                    InetAddress.getByAddress(new byte[] {8, 8, 8, 8}), InetAddress.getLoopbackAddress()
                },
                null);
        assertTrue(failure(strict, "http://demo.invalid/a.tar.gz").contains("is not on the public internet"));
    }

    @Test
    void theCertificateMustBeTheHosts() throws Exception {
        TestTls tls = TestTls.of(directory, "demo.invalid");
        HttpsServer secure = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls.server()));
        secure.createContext("/a.tar.gz", exchange -> answer(exchange, 200, "content"));
        secure.start();
        try {
            TarballDownload download = new TarballDownload(1000, true, name -> loopback(1), tls.trust());
            String path = ":" + secure.getAddress().getPort() + "/a.tar.gz";
            assertEquals(7, download.fetch("https://demo.invalid" + path, directory.resolve("a")));
            String refused = failure(download, "https://other.invalid" + path);
            assertTrue(refused.startsWith("the archive cannot be fetched from other.invalid: "), refused);
        } finally {
            secure.stop(0);
        }
    }

    private static InetAddress[] loopback(int time) throws UnknownHostException {
        return time == 1
                ? new InetAddress[] {InetAddress.getByAddress(new byte[] {127, 0, 0, 1})}
                : new InetAddress[] {InetAddress.getByAddress(new byte[] {127, 0, 0, 2})};
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
