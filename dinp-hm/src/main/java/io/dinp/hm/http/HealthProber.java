package io.dinp.hm.http;

import io.dinp.hm.core.Probe;
import io.dinp.hm.core.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks instances for their health, a bounded number at a time. Each probe is one HTTP/1.0 request on a connection of
 * its own with one deadline for all of it: a kept connection would occupy an app that serves one at a time, and an app
 * that trickles its answer is not healthy.
 */
public final class HealthProber implements AutoCloseable {
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9][0-9])(?: .*)?");
    private static final Pattern PATH = Pattern.compile("/[\\x21-\\x7e]*");
    private static final int LONGEST_ANSWER = 64 << 10;
    private static final int SHOWN = 120;

    private final Duration timeout;
    private final String sign;
    private final ExecutorService callers;

    /**
     * A prober.
     *
     * @param timeout of one probe, connecting included
     * @param sign text that a healthy body contains; empty: any body will do
     */
    public HealthProber(Duration timeout, String sign, int parallel) {
        this.timeout = timeout;
        this.sign = sign;
        AtomicInteger count = new AtomicInteger();
        this.callers = Executors.newFixedThreadPool(parallel, task -> {
            Thread thread = new Thread(task, "probe-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Whether a health path can be asked for at all; one that cannot says nothing about its instances. */
    public static boolean isPath(String path) {
        return PATH.matcher(path).matches();
    }

    /** Probes all targets and waits for the last answer. */
    public List<Probe> probe(List<Target> targets) throws InterruptedException {
        List<Callable<Probe>> calls = new ArrayList<>();
        targets.forEach(target -> calls.add(() -> probe(target)));
        List<Probe> probes = new ArrayList<>();
        for (Future<Probe> answer : callers.invokeAll(calls)) {
            try {
                probes.add(answer.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a probe broke", e.getCause());
            }
        }
        return probes;
    }

    private Probe probe(Target target) {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(target.host(), target.port()), remainingMillis(deadline));
            String request = "GET " + target.path() + " HTTP/1.0\r\nHost: " + target.address()
                    + "\r\nUser-Agent: dinp-hm\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return judge(target, read(socket, deadline));
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            return new Probe(target.app(), target.instance(), target.address(), false, why);
        }
    }

    /** Reads until the answer can be judged, ends, or the time is up. */
    private String read(Socket socket, long deadline) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        InputStream in = socket.getInputStream();
        while (answer.size() < LONGEST_ANSWER) {
            socket.setSoTimeout(remainingMillis(deadline));
            int count = in.read(buffer);
            if (count < 0) {
                break;
            }
            answer.write(buffer, 0, count);
            String text = answer.toString(StandardCharsets.UTF_8);
            if (text.contains("\r\n\r\n") && body(text).contains(sign)) {
                return text;
            }
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    private Probe judge(Target target, String answer) {
        int lineEnd = answer.indexOf("\r\n");
        Matcher status = STATUS.matcher(lineEnd < 0 ? answer : answer.substring(0, lineEnd));
        boolean healthy = false;
        String finding;
        if (!status.matches()) {
            finding = "no HTTP answer";
        } else if (status.group(1).charAt(0) != '2' && status.group(1).charAt(0) != '3') {
            finding = "status " + status.group(1);
        } else if (!body(answer).contains(sign)) {
            finding = "status " + status.group(1) + " but the body lacks '" + sign + "': " + shortened(body(answer));
        } else {
            healthy = true;
            finding = "status " + status.group(1);
        }
        return new Probe(target.app(), target.instance(), target.address(), healthy, finding);
    }

    private static String body(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        return end < 0 ? "" : answer.substring(end + 4);
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }

    private int remainingMillis(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("no answer within " + timeout.toMillis() + " ms");
        }
        return (int) millis;
    }

    @Override
    public void close() {
        callers.shutdownNow();
    }
}
