package io.dinp.router.netty;

/**
 * What clients may take of the router. Who asks for more is answered, and told so.
 *
 * @param connections of all clients at once: 503
 * @param connectionsEach of one client address at once: 429; trusted proxies are not counted, since they bring many clients
 * @param headBytes of a request's head: 431
 * @param headLines header lines of a request: 431
 * @param bodyBytes of a request's body, 0 for any: 413
 * @param endpointRequests under way at one endpoint, shared out among the event loops; when all endpoints of an app are full: 503
 */
public record ClientLimits(
        int connections, int connectionsEach, int headBytes, int headLines, long bodyBytes, int endpointRequests) {
    public static final ClientLimits DEFAULT = new ClientLimits(16_384, 2_048, 32 * 1024, 128, 0, 2_048);

    boolean allowsBody(long bytes) {
        return bodyBytes == 0 || bytes <= bodyBytes;
    }
}
