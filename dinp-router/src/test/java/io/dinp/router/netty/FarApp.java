package io.dinp.router.netty;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The program of a {@link FarMachine}: answers requests, takes connections over, or reads a body only after a while. */
final class FarApp {
    static final int PORT = 8080;
    static final long READS_AFTER_MILLIS = 2500;

    private FarApp() {}

    public static void main(String[] args) throws IOException {
        try (ServerSocket listener = new ServerSocket(PORT)) {
            System.out.println("listening");
            while (true) {
                Socket socket = listener.accept();
                Thread server = new Thread(() -> serve(socket), "far-connection");
                server.setDaemon(true);
                server.start();
            }
        }
    }

    private static void serve(Socket socket) {
        try (Wire wire = new Wire(socket, new ArrayList<>())) {
            wire.patience(0);
            for (String head = wire.readHead(); head != null; head = wire.readHead()) {
                if (head.contains("\r\nUpgrade:")) {
                    echo(wire);
                    return;
                }
                if (head.startsWith("POST /slow")) {
                    new CountDownLatch(1).await(READS_AFTER_MILLIS, TimeUnit.MILLISECONDS);
                }
                wire.readBody(head);
                wire.send(Upstream.ok("far"));
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("connection over: " + e);
        }
    }

    private static void echo(Wire wire) throws IOException {
        wire.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
        for (int b = wire.in().read(); b >= 0; b = wire.in().read()) {
            wire.send(new byte[] {(byte) b});
        }
    }
}
