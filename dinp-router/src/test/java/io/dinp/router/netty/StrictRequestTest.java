package io.dinp.router.netty;

import static io.dinp.router.netty.TestRouter.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that parsers read differently are refused, the connection is closed, and the endpoint hears nothing. */
class StrictRequestTest {
    private static final String H = "Host: demo.apps.io\r\n";

    static Stream<Arguments> bad() {
        String post = "POST / HTTP/1.1\r\n" + H;
        String chunked = post + "Transfer-Encoding: chunked\r\n";
        return Stream.of(
                Arguments.of("length and coding", 400, chunked + "Content-Length: 3\r\n\r\nabc"),
                Arguments.of("two lengths", 400, post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
                Arguments.of("list of lengths", 400, post + "Content-Length: 3, 3\r\n\r\nabc"),
                Arguments.of("signed length", 400, post + "Content-Length: +3\r\n\r\nabc"),
                Arguments.of("endless length", 400, post + "Content-Length: 9999999999999999999\r\n\r\nabc"),
                Arguments.of("coding not chunked", 400, post + "Transfer-Encoding: gzip\r\n\r\n"),
                Arguments.of("coding not ending in chunked", 400, post + "Transfer-Encoding: chunked, gzip\r\n\r\n"),
                Arguments.of("coding twice", 400, chunked + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                Arguments.of("coding in 1.0", 400, "POST / HTTP/1.0\r\n" + H + "Transfer-Encoding: chunked\r\n\r\n"),
                Arguments.of("obs-fold", 400, "GET / HTTP/1.1\r\n" + H + "A: b\r\n c\r\n\r\n"),
                Arguments.of("bare LF in head", 400, "GET / HTTP/1.1\n" + H + "\r\n"),
                Arguments.of("bare LF at end", 400, "GET / HTTP/1.1\r\nHost: demo.apps.io\n\n"),
                Arguments.of("bare LF in front", 400, "\nGET / HTTP/1.1\r\n" + H + "\r\n"),
                Arguments.of("bare CR in front", 400, "\rGET / HTTP/1.1\r\n" + H + "\r\n"),
                Arguments.of("bare CR", 400, "GET / HTTP/1.1\r\n" + H + "A: b\rc\r\n\r\n"),
                Arguments.of("space before colon", 400, "GET / HTTP/1.1\r\n" + H + "A : b\r\n\r\n"),
                Arguments.of("no name", 400, "GET / HTTP/1.1\r\n" + H + ": b\r\n\r\n"),
                Arguments.of("no colon", 400, "GET / HTTP/1.1\r\n" + H + "A\r\n\r\n"),
                Arguments.of("NUL", 400, "GET / HTTP/1.1\r\n" + H + "A: b\0c\r\n\r\n"),
                Arguments.of("control character", 400, "GET / HTTP/1.1\r\n" + H + "A: b\7c\r\n\r\n"),
                Arguments.of("two hosts", 400, "GET / HTTP/1.1\r\n" + H + H + "\r\n"),
                Arguments.of("no host", 400, "GET / HTTP/1.1\r\n\r\n"),
                Arguments.of("bad host", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
                Arguments.of("host with user", 400, "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"),
                Arguments.of("absolute against host", 400, "GET http://other/ HTTP/1.1\r\n" + H + "\r\n"),
                Arguments.of("two spaces", 400, "GET  / HTTP/1.1\r\n" + H + "\r\n"),
                Arguments.of("space in target", 400, "GET /a b HTTP/1.1\r\n" + H + "\r\n"),
                Arguments.of("no version", 400, "GET /\r\n" + H + "\r\n"),
                Arguments.of("no target form", 400, "GET a HTTP/1.1\r\n" + H + "\r\n"),
                Arguments.of("TLS", 400, "\26\3\1\2\0\1\0\1\374\3\3\n\n"),
                Arguments.of("CONNECT", 501, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"),
                Arguments.of("HTTP/2", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                Arguments.of("unknown expectation", 417, "GET / HTTP/1.1\r\n" + H + "Expect: magic\r\n\r\n"),
                Arguments.of("long line", 414, "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + H + "\r\n"),
                Arguments.of("endless line", 414, "GET /" + "a".repeat(9000)),
                Arguments.of("long head", 431, "GET / HTTP/1.1\r\n" + H + "A: " + "b".repeat(33000) + "\r\n\r\n"),
                Arguments.of("endless head", 431, "GET / HTTP/1.1\r\n" + H + "A: b\r\n".repeat(6000)),
                Arguments.of("many lines", 431, "GET / HTTP/1.1\r\n" + H + "A: b\r\n".repeat(200) + "\r\n"),
                Arguments.of("chunk size", 400, chunked + "\r\nx\r\n"),
                Arguments.of("chunk size with sign", 400, chunked + "\r\n-1\r\n"),
                Arguments.of("chunk size too big", 400, chunked + "\r\n1000000000000000\r\n"),
                Arguments.of("chunk end", 400, chunked + "\r\n1\r\nabc"),
                Arguments.of("chunk with bare LF", 400, chunked + "\r\n1\nabc"),
                Arguments.of("chunk size blank", 400, chunked + "\r\n\r\nabc"),
                Arguments.of("chunk size with space", 400, chunked + "\r\n1 \r\na\r\n0\r\n\r\n"),
                Arguments.of("chunk extension too long", 400, chunked + "\r\n1;" + "e".repeat(300) + "\r\na\r\n"),
                Arguments.of("chunk extension with control", 400, chunked + "\r\n1;e\7\r\na\r\n"),
                Arguments.of("chunk extension with bare LF", 400, chunked + "\r\n1;e\na\r\n"),
                Arguments.of("trailers too long", 431, chunked + "\r\n0\r\nA: " + "b".repeat(9000) + "\r\n\r\n"),
                Arguments.of("trailer with control", 400, chunked + "\r\n0\r\nA: b\7\r\n\r\n"),
                Arguments.of("trailer without colon", 400, chunked + "\r\n0\r\nA\r\n\r\n"),
                Arguments.of("trailer with host", 400, chunked + "\r\n0\r\nHost: other\r\n\r\n"),
                Arguments.of("trailer with length", 400, chunked + "\r\n0\r\nContent-Length: 1\r\n\r\n"),
                Arguments.of("folded trailer", 400, chunked + "\r\n0\r\nA: b\r\n c\r\n\r\n"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("bad")
    void refuses(String name, int status, String bytes) throws IOException {
        try (Upstream app = Upstream.scripted(Wire::readToEnd);
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            String answer = client.send(bytes).readToEnd();
            assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), name + ": " + answer);
            assertTrue(answer.contains("\r\nConnection: close\r\n"), answer);
            assertEquals(1, answer.split("HTTP/1.1 ", -1).length - 1, "one answer only: " + answer);
        }
    }

    static IntStream controls() {
        return IntStream.concat(IntStream.range(0, 0x20), IntStream.of(0x7f)).filter(c -> c != '\t');
    }

    @ParameterizedTest
    @MethodSource("controls")
    void refusesEveryControlCharacterInTargetNameAndValue(int control) throws IOException {
        try (Upstream app = Upstream.scripted(Wire::readToEnd);
                TestRouter router = TestRouter.start().to(app)) {
            char c = (char) control;
            for (String bytes : List.of(
                    "GET /a" + c + "b HTTP/1.1\r\n" + H + "\r\n",
                    "G" + c + "T / HTTP/1.1\r\n" + H + "\r\n",
                    "GET / HTTP/1.1\r\n" + H + "A" + c + "B: x\r\n\r\n",
                    "GET / HTTP/1.1\r\n" + H + "A: x" + c + "y\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: demo" + c + ".apps.io\r\n\r\n")) {
                String answer = router.connect().send(bytes).readToEnd();
                assertTrue(answer.startsWith("HTTP/1.1 400 "), bytes + ": " + answer);
            }
            assertEquals(0, app.connections(), "the endpoint hears nothing");
        }
    }

    @Test
    void takesWhatIsMerelyUnusual() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            client.send("\r").send("\n\r\nGET / HTTP/1.1\r\nhOsT:demo.apps.io\r\nEmpty:\r\nLatin: \u00e9\t \r\n\r\n");
            assertTrue(client.readMessage().endsWith("x"));
            assertTrue(app.requests().get(0).contains("\r\nEmpty:\r\nLatin: \u00e9\t \r\n"));
            client.send("OPTIONS * HTTP/1.1\r\n" + H + "\r\n");
            assertTrue(client.readMessage().endsWith("x"));
        }
    }

    @Test
    void takesARequestThatComesByteByByte() throws IOException {
        try (Upstream app = Upstream.saying("x");
                TestRouter router = TestRouter.start().to(app)) {
            Wire client = router.connect();
            String whole = request("POST / HTTP/1.1", "Transfer-Encoding: chunked") + "3\r\nabc\r\n0\r\nT: 1\r\n\r\n";
            for (byte b : whole.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)) {
                client.send(new byte[] {b});
            }
            assertTrue(client.readMessage().endsWith("x"));
            assertTrue(app.requests().get(0).endsWith("\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n"));
        }
    }
}
