package io.dinp.e2e.bed;

import java.util.ArrayList;
import java.util.List;

/**
 * A bridge of the test's own with one network namespace for each engine: the closest thing to three machines on one cable that
 * needs no virtual machine. Everything here bears the site's name, and only that is ever removed.
 */
final class Network {
    private final Site site;
    private final List<String> rules;

    Network(Site site) {
        this.site = site;
        this.rules = List.of(
                "-t filter FORWARD -i " + site.name() + " -j ACCEPT",
                "-t filter FORWARD -o " + site.name() + " -j ACCEPT",
                "-t nat POSTROUTING -s " + site.range() + " ! -d " + site.range() + " -j MASQUERADE");
    }

    /** Makes the bridge and lets its range out to the world. */
    void up() {
        Shell.run("ip", "link", "add", site.name(), "type", "bridge");
        Shell.run("ip", "addr", "add", site.address() + "/24", "dev", site.name());
        Shell.run("ip", "link", "set", site.name(), "up");
        Shell.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1");
        rules.forEach(rule -> Shell.run(iptables("-I", rule)));
    }

    /** Joins a node's new namespace to the bridge. */
    void join(int node) {
        String namespace = site.namespace(node);
        String outside = site.name() + "-v" + node;
        Shell.run("ip", "netns", "add", namespace);
        Shell.run("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        Shell.run("ip", "link", "set", outside, "master", site.name(), "up");
        inside(namespace, "ip", "link", "set", "lo", "up");
        inside(namespace, "ip", "addr", "add", site.nodeAddress(node) + "/24", "dev", "eth0");
        inside(namespace, "ip", "link", "set", "eth0", "up");
        inside(namespace, "ip", "route", "add", "default", "via", site.address());
    }

    /** Removes whatever of this network is there, from this run or an earlier one. */
    void down(int nodes) {
        for (int node = 1; node <= nodes; node++) {
            Shell.attempt("ip", "netns", "del", site.namespace(node));
        }
        Shell.attempt("ip", "link", "del", site.name());
        for (String rule : rules) {
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
}
