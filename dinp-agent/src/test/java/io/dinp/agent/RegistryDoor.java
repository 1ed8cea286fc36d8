package io.dinp.agent;

import io.dinp.common.model.HostPort;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A door in front of the registry, which sees every request, and can be held so that pulls hang, or closed. */
final class RegistryDoor implements AutoCloseable {
    private static final Pattern REQUEST = Pattern.compile("(?:GET|HEAD) (\\S+) HTTP/1\\.1\r\n");
    private static final int TLS_HANDSHAKE = 0x16;

    private final HostPort registry;
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> paths = new CopyOnWriteArrayList<>();
    private boolean held;
    private int waiting;

    RegistryDoor(String registry) throws IOException {
        this.registry = HostPort.parse(registry);
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    /** {@code host:port} as images are named by it. */
    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** How often the tag of the repository has been asked for. */
    long asked(String repository, String tag) {
        String path = "/v2/" + repository + "/manifests/" + tag;
        return paths.stream().filter(path::equals).count();
    }

    /** How many connections wait to be let through. */
    synchronized int waiting() {
        return waiting;
    }

    /** Requests wait, or go on from there. */
    synchronized void hold(boolean hang) {
        held = hang;
        notifyAll();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            hold(false);
        }
    }

    /** The engine tries TLS first and takes a hang-up for a no. */
    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(registry.host(), registry.port())) {
            open.add(server);
            InputStream requests = new BufferedInputStream(client.getInputStream());
            requests.mark(1);
            if (requests.read() == TLS_HANDSHAKE) {
                return;
            }
            requests.reset();
            threads.execute(() -> answer(server, client));
            byte[] buffer = new byte[64 * 1024];
            for (int n = requests.read(buffer); n >= 0; n = requests.read(buffer)) {
                Matcher request = REQUEST.matcher(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                while (request.find()) {
                    paths.add(request.group(1));
                }
                awaitFree();
                server.getOutputStream().write(buffer, 0, n);
            }
        } catch (IOException | InterruptedException e) {
            open.remove(client);
        }
    }

    private void answer(Socket server, Socket client) {
        try (client;
                OutputStream answers = client.getOutputStream()) {
            server.getInputStream().transferTo(answers);
        } catch (IOException e) {
            open.remove(server);
        }
    }

    private synchronized void awaitFree() throws InterruptedException {
        waiting++;
        while (held) {
            wait();
        }
        waiting--;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        hold(false);
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
