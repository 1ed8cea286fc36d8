package io.dinp.e2e.bed;

import java.nio.file.Path;

/**
 * Where one test bed stands: its names, addresses and folder. They follow from its number alone, so that two beds on one machine
 * never meet and the leftovers of an aborted run are found again.
 *
 * @param number from 1 to 5
 */
record Site(int number) {
    private static final Path HOME = Path.of(System.getenv().getOrDefault("DINP_E2E_HOME", "/var/tmp/dinp-e2e"));

    /** The prefix of everything that the bed makes on the machine, and its bridge's name. */
    String name() {
        return "dinp-e2e" + number;
    }

    /** The bridge's address: what listens on the machine listens there. */
    String address() {
        return "10.214." + number + ".1";
    }

    /** The bridge's range. */
    String range() {
        return "10.214." + number + ".0/24";
    }

    /** The network namespace of a node, counted from 1. */
    String namespace(int node) {
        return name() + "-n" + node;
    }

    /** The network namespace of a router other than the first. */
    String routerNamespace(int router) {
        return name() + "-r" + router;
    }

    /** A router's address on the bridge: the first one is on the machine itself. */
    String routerAddress(int router) {
        return router == 1 ? address() : "10.214." + number + "." + (20 + router);
    }

    /** A node's address on the bridge. */
    String nodeAddress(int node) {
        return "10.214." + number + "." + (10 + node);
    }

    /** The address and range of a node's own container bridge. */
    String containerRange(int node) {
        return "172.29." + (200 + 10 * number + node) + ".1/24";
    }

    /** The registry's port on loopback, the one address whose registry the machine's own engine trusts without TLS. */
    int loopbackRegistryPort() {
        return 16500 + number;
    }

    // JFinal takes a port for taken that is taken on any address: these three differ from bed to bed.

    int builderPort() {
        return 17700 + number;
    }

    int dashPort() {
        return 18000 + number;
    }

    int uicPort() {
        return 18100 + number;
    }

    /** The bed's folder; a node's images in it outlive the run. */
    Path home() {
        return HOME.resolve("bed" + number);
    }

    /** What lasts for one run only. */
    Path run() {
        return home().resolve("run");
    }
}
