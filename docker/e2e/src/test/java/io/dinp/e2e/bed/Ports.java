package io.dinp.e2e.bed;

/** Where the daemons under test listen, on the address of their bed: other ports than an installation's, so that both can run on one machine. */
public final class Ports {
    public static final int SERVER_RPC = 11970;
    public static final int SERVER_HTTP = 11980;
    public static final int AGENT = 1971;
    public static final int ROUTER = 18888;
    public static final int ROUTER_STATUS = 18082;
    public static final int HM = 11990;
    public static final int MYSQL = Infrastructure.MYSQL_PORT;
    public static final int REDIS = Infrastructure.REDIS_PORT;
    public static final int REGISTRY = Infrastructure.REGISTRY_PORT;

    private Ports() {}
}
