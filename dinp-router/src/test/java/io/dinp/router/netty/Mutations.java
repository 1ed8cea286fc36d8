package io.dinp.router.netty;

import java.util.List;
import java.util.SplittableRandom;

/** Makes streams of requests and spoils them, the same ones for the same seed. Each holds, in bodies and values, what could pass for a request. */
final class Mutations {
    private static final List<String> POISON = List.of(
            "\r\n",
            "\n",
            "\r",
            "\r\n\r\n",
            "\n\n",
            " ",
            "\t",
            "\0",
            "\13",
            "\14",
            ":",
            ",",
            ";",
            "\u0085",
            "\u00a0",
            "\177",
            "0",
            "f",
            "+",
            "-",
            "0x",
            "\"",
            "Content-Length: 5\r\n",
            "Content-Length: 0\r\n",
            "content-length:3,3\r\n",
            "Content-Length : 7\r\n",
            "Content-Length:\r\n 4\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: identity\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding:\13chunked\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Transfer-Encoding : chunked\r\n",
            "Transfer_Encoding: chunked\r\n",
            "TE: chunked\r\n",
            "Host: other.apps.io\r\n",
            "Host:\r\n",
            "Connection: Host, Content-Length, Transfer-Encoding\r\n",
            "Connection: close\r\n",
            " folded: x\r\n",
            "Expect: 100-continue\r\n",
            "Upgrade: h2c\r\nConnection: Upgrade\r\n",
            "0\r\n\r\n",
            "\r\n0\r\n",
            "1;a=\n",
            "ffffffffffffffff\r\n",
            "GET http://demo.apps.io/x HTTP/1.1\r\n",
            " HTTP/1.1\r\n",
            " HTTP/1.0\r\n",
            "HTTP/2.0",
            "#",
            "//",
            "@",
            "?");

    private final SplittableRandom random;
    private final String mark;

    /** @param number of the stream; its requests and nobody else's carry it in their paths */
    Mutations(long seed, int number) {
        random = new SplittableRandom(seed + number);
        mark = "/c" + number;
    }

    String stream() {
        StringBuilder stream = new StringBuilder();
        for (int i = 0, n = 1 + random.nextInt(3); i < n; i++) {
            stream.append(request(i));
        }
        for (int i = 0, n = random.nextInt(4); i < n; i++) {
            spoil(stream);
        }
        return stream.toString();
    }

    /** The stream cut at up to four places, as it may come from the network. */
    List<String> pieces(String stream) {
        int[] cuts = random.ints(4, 0, stream.length() + 1).sorted().toArray();
        return List.of(
                stream.substring(0, cuts[0]),
                stream.substring(cuts[0], cuts[1]),
                stream.substring(cuts[1], cuts[2]),
                stream.substring(cuts[2], cuts[3]),
                stream.substring(cuts[3]));
    }

    private String request(int i) {
        String path = mark + "r" + i;
        String hidden = "GET " + mark + "hidden HTTP/1.1\r\nHost: demo.apps.io\r\n\r\n";
        String host = "Host: demo.apps.io\r\n";
        return switch (random.nextInt(6)) {
            case 0 -> "GET " + path + " HTTP/1.1\r\n" + host + "A: b\r\n\r\n";
            case 1 -> "GET http://demo.apps.io" + path + " HTTP/1.1\r\n" + host + "\r\n";
            case 2 ->
                "POST " + path + " HTTP/1.1\r\n" + host + "Content-Length: " + hidden.length() + "\r\n\r\n" + hidden;
            case 3 ->
                "PUT " + path + " HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n"
                        + Integer.toHexString(hidden.length()) + "\r\n" + hidden + "\r\n0\r\nTrailer: x\r\n\r\n";
            case 4 ->
                "POST " + path + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + host
                        + "\r\n3;ext=1\r\nabc\r\n0\r\n\r\n";
            default -> "GET " + path + " HTTP/1.0\r\n" + host + "Connection: keep-alive\r\n\r\n";
        };
    }

    private void spoil(StringBuilder stream) {
        int at = random.nextInt(stream.length());
        switch (random.nextInt(6)) {
            case 0 -> stream.deleteCharAt(at);
            case 1 -> stream.setCharAt(at, (char) random.nextInt(256));
            case 2 -> stream.insert(lineStart(stream, at), POISON.get(random.nextInt(POISON.size())));
            case 3 -> stream.insert(lineStart(stream, at), line(stream, random.nextInt(stream.length())));
            case 4 -> stream.setLength(Math.max(1, at));
            default -> stream.insert(at, POISON.get(random.nextInt(POISON.size())));
        }
    }

    private static int lineStart(StringBuilder stream, int at) {
        return stream.lastIndexOf("\r\n", at) < 0 ? 0 : stream.lastIndexOf("\r\n", at) + 2;
    }

    private static String line(StringBuilder stream, int at) {
        int start = lineStart(stream, at);
        int end = stream.indexOf("\r\n", start);
        return end < 0 ? stream.substring(Math.min(start, stream.length())) : stream.substring(start, end + 2);
    }
}
