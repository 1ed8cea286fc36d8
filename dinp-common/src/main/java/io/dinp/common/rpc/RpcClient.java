package io.dinp.common.rpc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dinp.common.json.Json;
import io.dinp.common.model.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls one {@link RpcServer}, over a connection that is kept and made anew when it broke. Calls wait for each other. */
public final class RpcClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RpcClient.class);

    private final HostPort server;
    private final Duration timeout;
    private Socket socket;
    private JsonParser answers;
    private long lastId;

    /**
     * A client that has not connected yet.
     *
     * @param timeout for connecting, and again for the answer
     */
    public RpcClient(HostPort server, Duration timeout) {
        this.server = server;
        this.timeout = timeout;
    }

    /**
     * Calls a method and waits for its result.
     *
     * @param params the parameters in order; Go's servers know one
     * @throws IOException when there is no answer in time, or the answer is an error
     */
    public synchronized JsonNode call(String method, Object... params) throws IOException {
        boolean kept = socket != null;
        try {
            return exchange(method, params);
        } catch (Broken e) {
            if (!kept) {
                throw e;
            }
            // The server was restarted since the last call: what was kept is of no use, a new one may be.
            return exchange(method, params);
        }
    }

    private JsonNode exchange(String method, Object... params) throws IOException {
        try {
            connect();
            send(method, params);
            return result(method);
        } catch (SocketTimeoutException e) {
            close();
            throw new IOException(server + " did not answer " + method + " within " + timeout.toMillis() + " ms", e);
        } catch (IOException e) {
            if (!(e instanceof RpcRefused)) {
                close();
            }
            throw e;
        }
    }

    private void send(String method, Object... params) throws IOException {
        ObjectNode call = Json.mapper().createObjectNode();
        call.put("method", method);
        call.set("params", Json.mapper().valueToTree(params));
        call.put("id", ++lastId);
        try {
            socket.getOutputStream().write((call + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Broken(server + " closed the connection", e);
        }
    }

    private void connect() throws IOException {
        if (socket != null) {
            return;
        }
        Socket fresh = new Socket();
        try {
            fresh.setTcpNoDelay(true);
            fresh.connect(new InetSocketAddress(server.host(), server.port()), (int) timeout.toMillis());
            fresh.setSoTimeout((int) timeout.toMillis());
            socket = fresh;
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
    }

    private JsonNode result(String method) throws IOException {
        if (answers == null) {
            // Not before the first call is sent: a parser waits for the first bytes as soon as it is made.
            answers = Json.mapper().createParser(socket.getInputStream());
        }
        if (begins(answers) == null) {
            throw new Broken(server + " closed the connection", null);
        }
        JsonNode answer = answers.readValueAsTree();
        if (answer.path("id").asLong(-1) != lastId) {
            throw new IOException(server + " answered another call than " + method);
        }
        JsonNode error = answer.path("error");
        if (!error.isNull() && !error.isMissingNode()) {
            throw new RpcRefused(server + " refused " + method + ": " + error.asText());
        }
        return answer.path("result");
    }

    private JsonToken begins(JsonParser answer) throws IOException {
        try {
            return answer.nextToken();
        } catch (SocketException e) {
            throw new Broken(server + " reset the connection", e);
        }
    }

    /** The connection ended before any of the answer. */
    private static final class Broken extends IOException {
        private static final long serialVersionUID = 1L;

        Broken(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Closes the connection; a later call makes a new one. */
    @Override
    public synchronized void close() {
        Socket open = socket;
        socket = null;
        answers = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                LOG.debug("closing the connection to {} failed; it is given up either way", server, e);
            }
        }
    }
}
