package io.dinp.agent.node;

import io.dinp.agent.core.DiskUse;
import io.dinp.agent.core.LocalIp;
import io.dinp.agent.core.Meminfo;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads memory, boot and addresses of the machine that the agent runs on. */
public final class Machine {
    private static final Logger log = LoggerFactory.getLogger(Machine.class);
    private static final Path MEMINFO = Path.of("/proc/meminfo");
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int STAT_SECONDS = 5;
    private static final int STAT_BYTES = 1000;
    /** TEST-NET-2 (RFC 5737): connecting a datagram socket sends nothing, it only asks for the route. */
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("198.51.100.1", 9);

    private Machine() {}

    /** Memory of the machine now. */
    public static Meminfo memory() throws IOException {
        return Meminfo.parse(Files.readString(MEMINFO));
    }

    /** The id that the kernel makes at each boot. */
    public static String bootId() throws IOException {
        return Files.readString(BOOT_ID).trim();
    }

    /** Milliseconds of the kernel's clock that nobody sets: it goes on over a restart of the agent, though not of the machine. */
    public static long steadyMillis() {
        return System.nanoTime() / 1_000_000;
    }

    /** How full the disk of the directory is, empty when that cannot be seen: Java does not tell inodes, coreutils do. */
    public static Optional<DiskUse> disk(String directory) throws InterruptedException {
        ProcessBuilder command =
                new ProcessBuilder("stat", "-f", "-c", "%b %f %a %c %d", "--", directory).redirectErrorStream(true);
        try {
            Process stat = command.start();
            if (!stat.waitFor(STAT_SECONDS, TimeUnit.SECONDS)) {
                stat.destroyForcibly();
                return Optional.empty();
            }
            return DiskUse.parse(new String(stat.getInputStream().readNBytes(STAT_BYTES), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            log.debug("disk not seen directory={}", directory, e);
            return Optional.empty();
        }
    }

    /** All interfaces with their IPv4 addresses, by index. */
    public static List<LocalIp.Nic> nics() throws IOException {
        List<NetworkInterface> all = Collections.list(NetworkInterface.getNetworkInterfaces());
        all.sort(Comparator.comparingInt(NetworkInterface::getIndex));
        List<LocalIp.Nic> nics = new ArrayList<>();
        for (NetworkInterface nic : all) {
            nics.add(new LocalIp.Nic(nic.getName(), nic.isUp(), addresses(nic)));
        }
        return nics;
    }

    /** The source address of the default route, empty without one. */
    public static Optional<String> defaultSource() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(ELSEWHERE);
            InetAddress source = socket.getLocalAddress();
            return source.isAnyLocalAddress() ? Optional.empty() : Optional.of(source.getHostAddress());
        } catch (IOException | RuntimeException e) {
            log.debug("no default route", e);
            return Optional.empty();
        }
    }

    private static List<String> addresses(NetworkInterface nic) {
        return Collections.list(nic.getInetAddresses()).stream()
                .filter(Inet4Address.class::isInstance)
                .map(InetAddress::getHostAddress)
                .toList();
    }
}
