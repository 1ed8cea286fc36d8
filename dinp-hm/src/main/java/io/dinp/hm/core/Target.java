package io.dinp.hm.core;

/**
 * An instance to be probed.
 *
 * @param instance the id that the server knows it by
 * @param path the app's health path, starts with {@code /}
 */
public record Target(String app, String instance, String host, int port, String path) {
    /** {@code ip:port}. */
    public String address() {
        return host + ":" + port;
    }
}
