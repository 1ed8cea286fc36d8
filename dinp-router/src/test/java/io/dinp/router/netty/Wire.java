package io.dinp.router.netty;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One end of a connection that reads and writes HTTP messages as text, byte for byte. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final List<String> seen;

    Wire(Socket socket, List<String> seen) throws IOException {
        this.socket = socket;
        this.seen = seen;
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    Wire send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** A head with its empty line, or null at the end of the stream. */
    String readHead() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                if (head.size() == 0) {
                    return null;
                }
                throw new EOFException("cut within a head: " + head.toString(StandardCharsets.ISO_8859_1));
            }
            head.write(b);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    /** A message with a body by Content-Length or chunked, as it came; null at the end of the stream. */
    String readMessage() throws IOException {
        String head = readHead();
        if (head == null) {
            return null;
        }
        String message = head + readBody(head);
        seen.add(message);
        return message;
    }

    String readBody(String head) throws IOException {
        if (head.toLowerCase(java.util.Locale.ROOT).contains("\r\ntransfer-encoding: chunked")) {
            StringBuilder body = new StringBuilder();
            while (body.indexOf("0\r\n") < 0 || !body.toString().matches("(?s)(.*\r\n)?0\r\n(.*\r\n)*\r\n")) {
                body.append(read(1));
            }
            return body.toString();
        }
        Matcher length = LENGTH.matcher(head);
        return length.find() ? read(Integer.parseInt(length.group(1))) : "";
    }

    /** Exactly so many bytes. */
    String read(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("cut after " + bytes.length + " of " + length + " bytes");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** All that comes until the other side closes. */
    String readToEnd() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Waits for the other side to end the stream, in order or not. */
    boolean ends() {
        try {
            return in.read() < 0;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** How long a read waits, instead of the ten seconds of a test that expects an answer. */
    void patience(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    InputStream in() {
        return in;
    }

    void shutOutput() throws IOException {
        socket.shutdownOutput();
    }

    /** Closes with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
