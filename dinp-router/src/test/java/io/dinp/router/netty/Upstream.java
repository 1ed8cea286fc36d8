package io.dinp.router.netty;

import io.dinp.common.model.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A real small server on loopback that does what a script says to each of its connections, and remembers what it was asked. */
final class Upstream implements AutoCloseable {
    private static final Map<HostPort, Socket> HELD = new ConcurrentHashMap<>();

    private final ServerSocket listener;
    private final int port;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    /** Serves one connection; it is closed when the script returns. */
    interface Script {
        void serve(Wire connection) throws IOException;
    }

    /** Answers one request. */
    interface Answer {
        String to(String request) throws IOException;
    }

    private Upstream(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.port = listener.getLocalPort();
        Thread acceptor = new Thread(this::accept, "upstream");
        acceptor.setDaemon(true);
        acceptor.start();
    }

    static Upstream scripted(Script script) throws IOException {
        return new Upstream(script);
    }

    /** Keeps its connections and answers each request in turn. */
    static Upstream answering(Answer answer) throws IOException {
        return new Upstream(connection -> {
            for (String request = connection.readMessage(); request != null; request = connection.readMessage()) {
                connection.send(answer.to(request));
            }
        });
    }

    /** Answers every request with that body. */
    static Upstream saying(String body) throws IOException {
        return answering(request -> ok(body));
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A port of loopback that is taken, so that nobody else gets it, and on which nothing listens. */
    static HostPort refusing() throws IOException {
        Socket holder = new Socket();
        holder.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        HostPort address = new HostPort("127.0.0.1", holder.getLocalPort());
        HELD.put(address, holder);
        return address;
    }

    /** Frees a refusing port, so that a test can listen there. */
    static void free(HostPort refusing) throws IOException {
        HELD.remove(refusing).close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                Thread server = new Thread(() -> serve(socket), "upstream-connection");
                server.setDaemon(true);
                server.start();
            }
        } catch (IOException e) {
            ended.incrementAndGet(); // closed by the test
        }
    }

    private void serve(Socket socket) {
        try (Wire wire = new Wire(socket, requests)) {
            script.serve(wire);
        } catch (SocketException e) {
            requests.add("(connection lost: " + e.getMessage() + ")");
        } catch (IOException e) {
            requests.add("(" + e + ")");
        } finally {
            ended.incrementAndGet();
        }
    }

    HostPort address() {
        return new HostPort("127.0.0.1", port);
    }

    /** Refuses new connections; those that are open stay. */
    void stopListening() throws IOException {
        listener.close();
    }

    List<String> requests() {
        return requests;
    }

    int connections() {
        return connections.get();
    }

    /** How many of the connections are over. */
    int ended() {
        return ended.get();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
