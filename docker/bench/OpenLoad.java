import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Load by the clock: requests come as a Poisson process of a given rate whatever the answers do, and a latency counts from the moment its
 * request was due. A closed generator such as wrk waits for a slow proxy and so hides its pauses.
 *
 * <p>{@code pace HOST RATE CONNECTIONS SECONDS ROUNDS NAME=PORT…} goes round the proxies, after one round that is not counted, and prints
 * {@code NAME P50 P99 WORST} in milliseconds for each turn. {@code idle HOST COUNT PORT} opens connections, sends one request on each,
 * prints a line, and holds them until its input ends.
 */
public final class OpenLoad {
    private static final int BODY = 1024;

    private final byte[] request;
    private final List<Connection> connections = new ArrayList<>();
    private final ArrayDeque<Connection> free = new ArrayDeque<>();
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();
    private final Selector selector;
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private long[] latencies = new long[1 << 16];
    private int answered;
    private boolean counting;

    /** One keep-alive connection and the request it carries. */
    private static final class Connection {
        private final SocketChannel channel;
        private long due;
        private int got;
        private int expected = -1;

        private Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private OpenLoad(String host, int port, int count) throws IOException {
        request = ("GET /1k HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: paced\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        selector = Selector.open();
        for (int i = 0; i < count; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            Connection connection = new Connection(channel);
            channel.register(selector, SelectionKey.OP_READ, connection);
            connections.add(connection);
            free.add(connection);
        }
    }

    public static void main(String[] arguments) throws IOException {
        String host = arguments[1];
        int first = Integer.parseInt(arguments[2]);
        int second = Integer.parseInt(arguments[3]);
        if (arguments[0].equals("idle")) {
            idle(new OpenLoad(host, second, first));
            return;
        }
        int seconds = Integer.parseInt(arguments[4]);
        int rounds = Integer.parseInt(arguments[5]);
        for (int round = 0; round <= rounds; round++) {
            for (String target : Arrays.copyOfRange(arguments, 6, arguments.length)) {
                String[] part = target.split("=");
                OpenLoad load = new OpenLoad(host, Integer.parseInt(part[1]), second);
                load.run(first, 1 + seconds);
                load.close();
                if (round > 0) {
                    load.print(part[0]);
                }
            }
        }
    }

    private static void idle(OpenLoad load) throws IOException {
        for (Connection connection : load.connections) {
            load.send(connection, System.nanoTime());
        }
        while (load.answered < load.connections.size()) {
            load.read(100_000_000);
        }
        System.out.println("open");
        while (System.in.read() >= 0) {
            // held until the input ends
        }
        load.close();
    }

    /** The first second is for the connections to be opened behind the proxy; it is not counted. */
    private void run(int rate, int seconds) throws IOException {
        SplittableRandom random = new SplittableRandom(42);
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        double due = start;
        for (long now = start; now < end; now = System.nanoTime()) {
            if (!counting && now - start > 1_000_000_000L) {
                counting = true;
                answered = 0;
            }
            for (; due <= now; due += -Math.log(1 - random.nextDouble()) * 1e9 / rate) {
                waiting.add((long) due);
            }
            while (!waiting.isEmpty() && !free.isEmpty()) {
                send(free.poll(), waiting.poll());
            }
            read(Math.max(0, (long) due - System.nanoTime()));
        }
    }

    private void send(Connection connection, long due) throws IOException {
        connection.due = due;
        connection.got = 0;
        connection.expected = -1;
        if (connection.channel.write(ByteBuffer.wrap(request)) != request.length) {
            throw new IOException("a request did not fit into an idle socket's buffer");
        }
    }

    /** Sleeps in whole milliseconds only, since a selector knows no finer ones; shorter waits spin. */
    private void read(long nanos) throws IOException {
        int ready = nanos >= 1_000_000 ? selector.select(nanos / 1_000_000) : selector.selectNow();
        if (ready == 0) {
            return;
        }
        long now = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
            receive((Connection) key.attachment(), now);
        }
        selector.selectedKeys().clear();
    }

    private void receive(Connection connection, long now) throws IOException {
        in.clear();
        int length = connection.channel.read(in);
        if (length < 0) {
            throw new IOException("a connection was closed");
        }
        if (connection.expected < 0) {
            connection.expected = headLength(length) + BODY;
        }
        connection.got += length;
        if (connection.got >= connection.expected) {
            count(now - connection.due);
            free.add(connection);
        }
    }

    /** The head of a small answer comes in one piece. */
    private int headLength(int length) throws IOException {
        if (in.get(9) != '2') {
            throw new IOException("answered " + (char) in.get(9) + (char) in.get(10) + (char) in.get(11));
        }
        for (int i = 3; i < length; i++) {
            if (in.get(i) == '\n' && in.get(i - 1) == '\r' && in.get(i - 2) == '\n') {
                return i + 1;
            }
        }
        throw new IOException("a head came in pieces");
    }

    private void count(long nanos) {
        if (answered == latencies.length) {
            latencies = Arrays.copyOf(latencies, answered * 2);
        }
        latencies[answered++] = nanos;
    }

    private void print(String name) {
        long[] sorted = Arrays.copyOf(latencies, answered);
        Arrays.sort(sorted);
        System.out.printf(
                "%s %.3f %.3f %.3f%n",
                name, sorted[answered / 2] / 1e6, sorted[(int) (answered * 0.99)] / 1e6, sorted[answered - 1] / 1e6);
    }

    private void close() throws IOException {
        for (Connection connection : connections) {
            connection.channel.close();
        }
        selector.close();
    }
}
