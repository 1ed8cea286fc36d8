package io.dinp.common.rpc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dinp.common.json.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JSON-RPC 1.0 without framing: one JSON object after another on a TCP stream, answers in the same order.
 *
 * <p>Any client of Go's {@code net/rpc/jsonrpc} can call it, and {@code nc} too. Connections, message length and silence are
 * bounded, and so is what one address may have of them: a slow or senseless client costs one thread for a minute at most.
 */
public final class RpcServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);
    private static final int TLS_HANDSHAKE = 0x16;
    private static final int WAITING = 128;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(1);

    private final String name;
    private final ServerSocket listener;
    private final Map<String, RpcMethod> methods;
    private final RpcLimits limits;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger serial = new AtomicInteger();
    private volatile Thread acceptor;

    private RpcServer(String name, ServerSocket listener, Map<String, RpcMethod> methods, RpcLimits limits) {
        this.name = name;
        this.listener = listener;
        this.methods = Map.copyOf(methods);
        this.limits = limits;
    }

    /**
     * Binds; {@link #start} begins to answer.
     *
     * @param addr address to listen on; empty for all
     * @param methods by name, {@code NodeState.Push}
     * @throws IOException naming the address when it is taken
     */
    public static RpcServer bind(String name, String addr, int port, Map<String, RpcMethod> methods, RpcLimits limits)
            throws IOException {
        InetAddress address = addr.isEmpty() ? null : InetAddress.getByName(addr);
        try {
            ServerSocket listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(address, port), WAITING);
            return new RpcServer(name, listener, methods, limits);
        } catch (BindException e) {
            throw new IOException("cannot listen on " + addr + ":" + port + ": " + e.getMessage(), e);
        }
    }

    /** Begins to answer. */
    public RpcServer start() {
        acceptor = daemonThread(this::accept, name + "-accept");
        return this;
    }

    /** The port in use, also when 0 was asked for. */
    public int port() {
        return listener.getLocalPort();
    }

    private static Thread daemonThread(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                take(listener.accept());
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.warn("{} could not accept a connection: {}", name, e.getMessage());
                }
            }
        }
    }

    private void take(Socket socket) throws IOException {
        if (connections.size() >= limits.connections()) {
            LOG.warn("{} has {} connections already, refused {}", name, connections.size(), socket.getInetAddress());
            socket.close();
            return;
        }
        InetAddress peer = socket.getInetAddress();
        if (connections.stream().filter(s -> peer.equals(s.getInetAddress())).count() >= limits.connectionsOfOne()) {
            LOG.warn("{} has {} connections of {} already, refused one more", name, limits.connectionsOfOne(), peer);
            socket.close();
            return;
        }
        connections.add(socket);
        daemonThread(() -> serve(socket), name + "-" + serial.incrementAndGet());
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BoundedInput bounded = new BoundedInput(socket, limits);
            InputStream in = new BufferedInputStream(bounded);
            if (isTls(in)) {
                LOG.warn("{} was asked for TLS by {}, which it does not speak", name, socket.getInetAddress());
                return;
            }
            converse(bounded, in, socket.getOutputStream());
        } catch (SocketException e) {
            LOG.debug("{} lost {}", name, socket.getInetAddress(), e);
        } catch (IOException e) {
            LOG.info("{} ended the connection of {}: {}", name, socket.getInetAddress(), firstLine(e));
        } finally {
            connections.remove(socket);
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static boolean isTls(InputStream in) throws IOException {
        in.mark(1);
        int first = in.read();
        in.reset();
        return first == TLS_HANDSHAKE;
    }

    private void converse(BoundedInput bounded, InputStream in, OutputStream out) throws IOException {
        try (JsonParser parser = Json.mapper().createParser(in)) {
            while (parser.nextToken() != null) {
                JsonNode call = parser.readValueAsTree();
                bounded.nextMessage();
                write(out, answer(call));
            }
        } catch (JsonProcessingException e) {
            // The stream has no framing: behind senseless input no next message can be found.
            write(
                    out,
                    failed(Json.mapper().createObjectNode().putNull("id"), "rpc: not JSON: " + e.getOriginalMessage()));
            throw e;
        }
    }

    private static void write(OutputStream out, ObjectNode answer) throws IOException {
        out.write((Json.write(answer) + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private ObjectNode answer(JsonNode call) {
        ObjectNode answer = Json.mapper().createObjectNode();
        answer.set("id", call.path("id").isMissingNode() ? Json.mapper().nullNode() : call.path("id"));
        String method = call.path("method").asText();
        RpcMethod found = methods.get(method);
        if (found == null) {
            return failed(answer, "rpc: can't find method " + shortened(method));
        }
        try {
            answer.set("result", Json.mapper().valueToTree(found.call(call.path("params"))));
            return answer.putNull("error");
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            return failed(answer, "rpc: " + e.getMessage());
        }
    }

    private static ObjectNode failed(ObjectNode answer, String error) {
        answer.putNull("result");
        return answer.put("error", error);
    }

    private static String shortened(String text) {
        return text.length() > 64 ? text.substring(0, 64) + "…" : text;
    }

    /** Closes the port and every connection; the port is free when this returns. */
    @Override
    public void close() throws IOException {
        listener.close();
        try {
            if (acceptor != null) {
                acceptor.join(STOP_LIMIT.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : connections) {
            socket.close();
        }
    }
}
