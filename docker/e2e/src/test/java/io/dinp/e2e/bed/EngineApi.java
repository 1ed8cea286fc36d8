package io.dinp.e2e.bed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads from an engine over its socket: a hundredth of what starting the {@code docker} command costs a busy machine. */
final class EngineApi {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path socket;

    EngineApi(Path socket) {
        this.socket = socket;
    }

    /** What the engine answers to a GET; HTTP/1.0, so that the answer ends with the connection. */
    JsonNode get(String path) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            String request = "GET " + path + " HTTP/1.0\r\nHost: docker\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            String answer = readAll(channel);
            if (!answer.matches("(?s)HTTP/1\\.. 200 .*")) {
                throw new IllegalStateException(path + " is answered by " + answer);
            }
            return JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n")));
        } catch (IOException e) {
            throw new UncheckedIOException("engine at " + socket, e);
        }
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteBuffer part = ByteBuffer.allocate(8192);
        while (channel.read(part) >= 0) {
            all.write(part.array(), 0, part.position());
            part.clear();
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
