package io.dinp.e2e.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One HTTP/1.1 connection without any cleverness: no hidden retry, no hidden reconnect, so that every request that the router
 * drops is seen. Not safe for use by several threads.
 */
public final class RawHttp implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;
    private long deadline;

    /** What came back. Header names are in lower case. */
    public record Answer(int status, Map<String, String> headers, String body) {}

    /** What is sent: a body makes it a POST. */
    public record Call(String method, String host, String path, String body, Map<String, String> headers) {
        /** A plain GET. */
        public static Call get(String host, String path) {
            return new Call("GET", host, path, "", Map.of());
        }

        /** A POST of this body. */
        public static Call post(String host, String path, String body) {
            return new Call("POST", host, path, body, Map.of());
        }
    }

    /** Connects; everything on this connection ends when the limit has passed, unless it is renewed. */
    public RawHttp(InetSocketAddress target, int limitMillis) throws IOException {
        limit(limitMillis);
        socket.setTcpNoDelay(true);
        socket.connect(target, limitMillis);
        in = new BufferedInputStream(socket.getInputStream(), 8192);
    }

    /** Gives the next exchange this long. */
    public void limit(int limitMillis) {
        deadline = System.nanoTime() + limitMillis * 1_000_000L;
    }

    /** Sends one request on a connection of its own and reads the answer. */
    public static Answer once(InetSocketAddress target, Call call, int limitMillis) throws IOException {
        try (RawHttp connection = new RawHttp(target, limitMillis)) {
            return connection.exchange(call, false);
        }
    }

    /** Sends a request and reads the whole answer. */
    public Answer exchange(Call call, boolean keepAlive) throws IOException {
        socket.getOutputStream().write(head(call, keepAlive).getBytes(StandardCharsets.UTF_8));
        String status = line();
        Map<String, String> headers = headers();
        return new Answer(Integer.parseInt(status.split(" ", 3)[1]), headers, body(headers));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static String head(Call call, boolean keepAlive) {
        StringBuilder head = new StringBuilder();
        head.append(call.method()).append(' ').append(call.path()).append(" HTTP/1.1\r\n");
        head.append("Host: ").append(call.host()).append("\r\n");
        head.append("Connection: ").append(keepAlive ? "keep-alive" : "close").append("\r\n");
        call.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        if (!call.body().isEmpty()) {
            int length = call.body().getBytes(StandardCharsets.UTF_8).length;
            head.append("Content-Length: ").append(length).append("\r\n");
        }
        return head.append("\r\n").append(call.body()).toString();
    }

    private Map<String, String> headers() throws IOException {
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private String body(Map<String, String> headers) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                body.write(exactly(size));
                line();
            }
            line();
        } else if (headers.containsKey("content-length")) {
            body.write(exactly(Integer.parseInt(headers.get("content-length"))));
        } else {
            for (int b = next(); b >= 0; b = next()) {
                body.write(b);
            }
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = new byte[length];
        int filled = 0;
        while (filled < length) {
            arm();
            int read = in.read(bytes, filled, length - filled);
            if (read < 0) {
                throw new EOFException("the answer broke off after " + filled + " of " + length + " bytes");
            }
            filled += read;
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = next(); b != '\n'; b = next()) {
            if (b < 0) {
                throw new EOFException("the connection was closed instead of an answer");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private int next() throws IOException {
        arm();
        return in.read();
    }

    private void arm() throws IOException {
        int left = (int) ((deadline - System.nanoTime()) / 1_000_000L);
        if (left <= 0) {
            throw new SocketTimeoutException("no whole answer in time");
        }
        socket.setSoTimeout(left);
    }
}
