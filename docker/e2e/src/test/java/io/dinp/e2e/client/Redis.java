package io.dinp.e2e.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A person's {@code redis-cli}: one command, one answer, a connection of its own each time, so that it never sees the state of
 * a connection that has outlived Redis.
 */
public final class Redis {
    private final InetSocketAddress address;
    private final String password;

    /** A client for the Redis at this address. */
    public Redis(InetSocketAddress address, String password) {
        this.address = address;
        this.password = password;
    }

    /** All keys, as the original router asks for them. */
    public List<String> keys(String pattern) {
        return list("KEYS", pattern).stream().sorted().toList();
    }

    /** The entries of a list, sorted. */
    public List<String> list(String key) {
        return list("LRANGE", key, "0", "-1").stream().sorted().toList();
    }

    /** The answer to a command that answers with one text; empty when there is none. */
    public String text(String... command) {
        return String.valueOf(ask(password, command));
    }

    /** The answer to a command without signing on before: what a stranger gets. */
    public String strange(String... command) {
        return String.valueOf(ask("", command));
    }

    private List<String> list(String... command) {
        if (ask(password, command) instanceof List<?> answers) {
            return answers.stream().map(String::valueOf).toList();
        }
        throw new IllegalStateException("not a list: " + String.join(" ", command));
    }

    private Object ask(String secret, String... command) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 2000);
            socket.setSoTimeout(2000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            if (!secret.isEmpty()) {
                socket.getOutputStream().write(encode("AUTH", secret));
                read(in);
            }
            socket.getOutputStream().write(encode(command));
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Redis does not answer", e);
        }
    }

    private static byte[] encode(String... words) {
        StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            text.append('$')
                    .append(word.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n");
            text.append(word).append("\r\n");
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static Object read(InputStream in) throws IOException {
        String head = line(in);
        return switch (head.charAt(0)) {
            case '*' -> elements(in, Integer.parseInt(head.substring(1)));
            case '$' -> bulk(in, Integer.parseInt(head.substring(1)));
            default -> head.substring(1);
        };
    }

    private static List<Object> elements(InputStream in, int count) throws IOException {
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(read(in));
        }
        return all;
    }

    private static String bulk(InputStream in, int length) throws IOException {
        if (length < 0) {
            return "";
        }
        byte[] bytes = in.readNBytes(length);
        line(in);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("Redis closed the connection");
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
