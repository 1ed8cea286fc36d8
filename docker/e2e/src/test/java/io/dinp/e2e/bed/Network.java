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

    /** Joins a machine's new namespace to the bridge. */
    void join(String namespace, String address) {
        String outside = cable(namespace);
        Shell.run("ip", "netns", "add", namespace);
        Shell.run("ip", "link", "add", outside, "type", "veth", "peer", "name", "eth0", "netns", namespace);
        Shell.run("ip", "link", "set", outside, "master", site.name(), "up");
        inside(namespace, "ip", "link", "set", "lo", "up");
        inside(namespace, "ip", "addr", "add", address + "/24", "dev", "eth0");
        inside(namespace, "ip", "link", "set", "eth0", "up");
        inside(namespace, "ip", "route", "add", "default", "via", site.address());
    }

    /** Pulls a machine's cable, or puts it in again. */
    void plug(String namespace, boolean in) {
        Shell.run("ip", "link", "set", cable(namespace), in ? "up" : "down");
    }

    /** Takes a machine's network away as its power cut would, with every rule and address in it. */
    void leave(String namespace) {
        Shell.run("ip", "netns", "del", namespace);
        Shell.attempt("ip", "link", "del", cable(namespace));
    }

    /** Lets nothing more out of a machine to a port. */
    void cut(String namespace, int port) {
        inside(namespace, iptables("-I", cutting(port)).toArray(String[]::new));
    }

    /** Undoes {@link #cut}, if it was done. */
    void mend(String namespace, int port) {
        List<String> words = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        words.addAll(iptables("-D", cutting(port)));
        Shell.attempt(words);
    }

    private static String cutting(int port) {
        return "-t filter OUTPUT -p tcp --dport " + port + " -j DROP";
    }

    /** Removes whatever of this network is there, from this run or an earlier one. */
    void down() {
        for (int number = 1; number <= Shape.MOST; number++) {
            Shell.attempt("ip", "netns", "del", site.namespace(number));
            Shell.attempt("ip", "netns", "del", site.routerNamespace(number));
        }
        Shell.attempt("ip", "link", "del", site.name());
        for (String rule : rules) {
            int removed = 0;
            while (removed < 16 && Shell.attempt(iptables("-D", rule)).ok()) {
                removed++;
            }
        }
    }

    /** The machine's end of a namespace's cable: at most 15 letters, so it is named by the last part. */
    private String cable(String namespace) {
        return site.name() + "-v" + namespace.substring(namespace.lastIndexOf('-') + 1);
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
