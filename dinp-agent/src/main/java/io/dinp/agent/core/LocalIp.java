package io.dinp.agent.core;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which address of the node its instances are reached at (contract, key {@code localIp}). */
public final class LocalIp {
    private static final Pattern WIRED = Pattern.compile("(eth|en).*");
    private static final Pattern NEVER = Pattern.compile("lo|docker0|br-.*|veth.*");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Pattern PRIVATE = Pattern.compile("(10\\.|192\\.168\\.|172\\.(1[6-9]|2\\d|3[01])\\.).*");

    /**
     * A network interface.
     *
     * @param name such as {@code eth0}
     * @param running whether it has a carrier; a bridge that nothing is attached to has an address all the same
     * @param addresses its IPv4 addresses
     */
    public record Nic(String name, boolean running, List<String> addresses) {}

    private LocalIp() {}

    /**
     * The configured address, else the first private IPv4 address of a wired interface that has a carrier, else the source
     * address of the default route.
     *
     * @throws IllegalArgumentException naming the key and the remedy when the node has no such address
     */
    public static String choose(String configured, List<Nic> nics, Optional<String> defaultSource) {
        if (!configured.isEmpty()) {
            return checked(configured, nics);
        }
        Optional<String> wired = nics.stream()
                .filter(nic -> nic.running() && WIRED.matcher(nic.name()).matches())
                .flatMap(nic -> nic.addresses().stream())
                .filter(address -> PRIVATE.matcher(address).matches())
                .findFirst();
        return wired.or(() -> defaultSource.filter(address -> isUsable(address, nics)))
                .orElseThrow(() -> new IllegalArgumentException(
                        "localIp is empty and no private IPv4 address of an eth*/en* interface and no default route was"
                                + " found; set localIp to this node's address, one of " + all(nics)));
    }

    private static String checked(String configured, List<Nic> nics) {
        if (!IPV4.matcher(configured).matches() || configured.startsWith("127.")) {
            throw new IllegalArgumentException("localIp \"" + configured
                    + "\" is not an IPv4 address that others reach; set it to one of " + all(nics));
        }
        if (nics.stream().noneMatch(nic -> nic.addresses().contains(configured))) {
            throw new IllegalArgumentException(
                    "localIp \"" + configured + "\" is no address of this machine, which has " + all(nics));
        }
        return configured;
    }

    private static boolean isUsable(String address, List<Nic> nics) {
        return nics.stream()
                .anyMatch(nic -> nic.addresses().contains(address)
                        && !NEVER.matcher(nic.name()).matches());
    }

    private static List<String> all(List<Nic> nics) {
        return nics.stream()
                .filter(nic -> !NEVER.matcher(nic.name()).matches())
                .flatMap(nic -> nic.addresses().stream())
                .toList();
    }
}
