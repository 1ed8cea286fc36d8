package io.dinp.e2e.bed;

import java.util.ArrayList;
import java.util.List;

/**
 * A bridge of the test's own with one network namespace for each engine: the closest thing to three machines on one cable that
 * needs no virtual machine. Everything here is named {@code dinp-e2e…}, and only that is ever removed.
 */
final class Network {
    static final String BRIDGE = "dinp-e2e";
    static final String ADDRESS = "10.214.0.1";
    private static final String RANGE = "10.214.0.0/24";
    private static final List<String> RULES = List.of(
            "-t filter FORWARD -i " + BRIDGE + " -j ACCEPT",
            "-t filter FORWARD -o " + BRIDGE + " -j ACCEPT",
            "-t nat POSTROUTING -s " + RANGE + " ! -d " + RANGE + " -j MASQUERADE");

    private Network() {}

    /** Makes the bridge and lets its range out to the world. */
    static void up() {
        Shell.run("ip", "link", "add", BRIDGE, "type", "bridge");
        Shell.run("ip", "addr", "add", ADDRESS + "/24", "dev", BRIDGE);
        Shell.run("ip", "link", "set", BRIDGE, "up");
        Shell.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        RULES.forEach(rule -> Shell.run(iptables("-I", rule)));
    }

    /** Joins a new namespace to the bridge. */
    static void join(String namespace, String address) {
        String outside = "dinp-e2e-" + lastPart(address);
        Shell.run("ip", "netns", "add", namespace);
        Shell.run("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        Shell.run("ip", "link", "set", outside, "master", BRIDGE, "up");
        inside(namespace, "ip", "link", "set", "lo", "up");
        inside(namespace, "ip", "addr", "add", address + "/24", "dev", "eth0");
        inside(namespace, "ip", "link", "set", "eth0", "up");
        inside(namespace, "ip", "route", "add", "default", "via", ADDRESS);
    }

    /** Removes whatever of this network is there, from this run or an earlier one. */
    static void down(List<String> namespaces) {
        for (String namespace : namespaces) {
            Shell.attempt("ip", "netns", "del", namespace);
        }
        Shell.attempt("ip", "link", "del", BRIDGE);
        for (String rule : RULES) {
            int removed = 0;
            while (removed < 16 && Shell.attempt(iptables("-D", rule)).ok()) {
                removed++;
            }
        }
    }

    private static void inside(String namespace, String... command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        Shell.run(all);
    }

    private static List<String> iptables(String verb, String rule) {
        List<String> words = new ArrayList<>(List.of(rule.split(" ")));
        words.add(2, verb);
        words.add(0, "iptables");
        words.add(1, "-w");
        return words;
    }

    private static String lastPart(String address) {
        return address.substring(address.lastIndexOf('.') + 1);
    }
}
