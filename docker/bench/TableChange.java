import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * Changes routes as the server does, and asks the router until it shows: {@code REDIS_PORT ROUTER_PORT APP_PORT COUNT} adds so many hosts one
 * after the other and prints for each the milliseconds from the transaction's answer to the first 200 through the router, which is asked
 * 2000 times a second: often enough for what is measured, and not so often that the asking keeps the router from its work. A few changes before are not
 * counted, since this program is still being compiled while it measures them. With
 * {@code REDIS_PORT - APP_PORT - SECONDS} it only changes, 50 times a second for so long.
 */
public final class TableChange {
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final long CHANGE_NANOS = 20_000_000L;
    private static final long ASK_NANOS = 500_000L;
    private static final int UNCOUNTED = 50;

    private final Socket redis;
    private final InputStream in;
    private final OutputStream out;
    private long version;

    private TableChange(int port) throws IOException {
        redis = new Socket("127.0.0.1", port);
        redis.setTcpNoDelay(true);
        in = new BufferedInputStream(redis.getInputStream());
        out = redis.getOutputStream();
        version = Long.parseLong(ask("get", "/meta/version"));
    }

    /** One command, and the text of its answer; for a list its last element. */
    private String ask(String... words) throws IOException {
        StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            command.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        out.write(command.toString().getBytes(StandardCharsets.US_ASCII));
        return answer();
    }

    private String answer() throws IOException {
        String line = line();
        switch (line.charAt(0)) {
            case '*':
                String last = "";
                for (int left = Integer.parseInt(line.substring(1)); left > 0; left--) {
                    last = answer();
                }
                return last;
            case '$':
                int length = Integer.parseInt(line.substring(1));
                String text = new String(in.readNBytes(length), StandardCharsets.US_ASCII);
                line();
                return text;
            case '-':
                throw new IOException("Redis says " + line);
            default:
                return line.substring(1);
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new IOException("Redis has closed the connection");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    private void route(String host, String endpoint) throws IOException {
        String next = String.valueOf(++version);
        String key = "/rs/" + host;
        ask("multi");
        ask("set", "/meta/version", next);
        ask("del", key);
        ask("rpush", key, endpoint);
        ask("lpush", "/meta/changes", next + " " + key);
        ask("ltrim", "/meta/changes", "0", "9999");
        ask("publish", "/meta/notify", next + " " + key);
        ask("exec");
    }

    private static void measure(TableChange change, int router, String endpoint, int count) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", router)) {
            socket.setTcpNoDelay(true);
            for (int i = -UNCOUNTED; i < count; i++) {
                String host = "probe" + System.nanoTime() + ".bench.test";
                change.route(host, endpoint);
                long start = System.nanoTime();
                while (status(socket, host) != 200) {
                    if (System.nanoTime() - start > PATIENCE_NANOS) {
                        throw new IOException(host + " does not show");
                    }
                    LockSupport.parkNanos(ASK_NANOS);
                }
                if (i >= 0) {
                    System.out.printf("%.2f%n", (System.nanoTime() - start) / 1e6);
                }
                LockSupport.parkNanos(CHANGE_NANOS);
            }
        }
    }

    private static int status(Socket socket, String host) throws IOException {
        socket.getOutputStream()
                .write(("GET /1k HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                throw new IOException("the router has closed the connection");
            }
            head.append((char) b);
        }
        String lower = head.toString().toLowerCase(java.util.Locale.ROOT);
        int at = lower.indexOf("content-length: ") + 16;
        in.readNBytes(Integer.parseInt(lower.substring(at, lower.indexOf('\r', at))));
        return Integer.parseInt(head.substring(9, 12));
    }

    public static void main(String[] args) throws IOException {
        TableChange change = new TableChange(Integer.parseInt(args[0]));
        String endpoint = "127.0.0.1:" + args[2];
        if (!args[1].equals("-")) {
            measure(change, Integer.parseInt(args[1]), endpoint, Integer.parseInt(args[3]));
            return;
        }
        long start = System.nanoTime();
        for (long n = 1; System.nanoTime() - start < Long.parseLong(args[3]) * 1_000_000_000L; n++) {
            change.route("churn" + n % 100 + ".bench.test", endpoint.replaceAll("\\d+$", "") + (1 + n % 60_000));
            LockSupport.parkNanos(Math.max(0, start + n * CHANGE_NANOS - System.nanoTime()));
        }
    }
}
