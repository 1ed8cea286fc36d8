package io.dinp.common.model;

/** An address as Redis and the configuration write it: {@code host:port}. */
public record HostPort(String host, int port) {

    public HostPort {
        if (host == null || host.isEmpty() || port < 1 || port > 65535) {
            throw new IllegalArgumentException(
                    "address '" + host + ":" + port + "': use host:port with a port from 1 to 65535");
        }
    }

    /** Reads {@code host:port}; throws {@link IllegalArgumentException} naming the text. */
    public static HostPort parse(String text) {
        int colon = text == null ? -1 : text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("address '" + text + "': use host:port");
        }
        try {
            return new HostPort(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("address '" + text + "': the port is no number", e);
        }
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
