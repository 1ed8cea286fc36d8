package io.dinp.uic.sso;

import io.dinp.web.Refusal;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Where a browser may be sent with a ticket: only to the origins of the configured services. */
public final class Callbacks {
    private static final int BAD_REQUEST = 400;

    private final Set<String> origins;

    /** @param origins such as {@code http://dash.example.com:8088} */
    public Callbacks(List<String> origins) {
        this.origins = origins.stream().map(o -> origin(URI.create(o))).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The callback as an address, when it is one of ours.
     *
     * @throws Refusal for any other, and for one that is not ASCII, which {@code URI} would take
     */
    public URI checked(String callback) {
        try {
            URI uri = URI.create(callback);
            boolean plain = callback.chars().allMatch(c -> c > ' ' && c < 0x7f);
            if (plain && uri.getUserInfo() == null && uri.getHost() != null && origins.contains(origin(uri))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw unknown(callback);
        }
        throw unknown(callback);
    }

    /** The callback with the ticket added. */
    public static String withTicket(URI callback, String ticket) {
        String text = callback.toString().replaceAll("#.*$", "");
        return text + (callback.getRawQuery() == null ? "?" : "&") + "ticket=" + ticket;
    }

    /** The front door of the service behind a callback. */
    public static String home(URI callback) {
        return origin(callback) + "/";
    }

    /** Scheme, host and port as browsers compare them. */
    public static String origin(URI uri) {
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        int port = uri.getPort() < 0 ? usual : uri.getPort();
        return scheme + "://" + host + (port == usual ? "" : ":" + port);
    }

    private static Refusal unknown(String callback) {
        return new Refusal(
                BAD_REQUEST,
                "The service that sent you here, '" + callback
                        + "', is not known. Its origin belongs into 'callbacks' of uic.");
    }
}
