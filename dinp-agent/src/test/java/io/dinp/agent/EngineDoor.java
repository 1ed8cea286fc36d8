package io.dinp.agent;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A socket in front of the engine's, which a test can close, so that the engine is away, or hold, so that it hangs. */
final class EngineDoor implements AutoCloseable {
    private final Path path;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private ServerSocketChannel door;
    private boolean held;

    EngineDoor(Path path) {
        this.path = path;
    }

    String endpoint() {
        return "unix://" + path;
    }

    /** The engine is there. */
    void open() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(path));
        door = listener;
        daemon(() -> accept(listener));
    }

    /** The engine takes connections and answers nothing, or goes on from there. */
    synchronized void hold(boolean hang) {
        held = hang;
        notifyAll();
    }

    @Override
    public void close() throws IOException {
        if (door != null) {
            door.close();
            Files.deleteIfExists(path);
        }
        hold(false);
        for (SocketChannel channel : open) {
            channel.close();
        }
        open.clear();
    }

    private void accept(ServerSocketChannel listener) {
        try {
            while (true) {
                SocketChannel client = listener.accept();
                SocketChannel engine = SocketChannel.open(StandardProtocolFamily.UNIX);
                open.add(client);
                open.add(engine);
                engine.connect(
                        UnixDomainSocketAddress.of(URI.create(TestEngine.SOCKET).getPath()));
                daemon(() -> copy(client, engine));
                daemon(() -> copy(engine, client));
            }
        } catch (IOException e) {
            hold(false);
        }
    }

    private void copy(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
        try (from;
                to) {
            while (from.read(buffer) >= 0) {
                awaitFree();
                buffer.flip();
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException | InterruptedException e) {
            open.remove(from);
        }
    }

    private synchronized void awaitFree() throws InterruptedException {
        while (held) {
            wait();
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "engine-door");
        thread.setDaemon(true);
        thread.start();
    }
}
