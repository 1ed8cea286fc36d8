package io.dinp.router.netty;

/**
 * An answer that the router gives itself.
 *
 * @param status HTTP status
 * @param phrase its reason phrase
 * @param code value of {@code X-Cf-RouterError}, by which operators and load tests tell it from an app's answer
 * @param message behind status and phrase in the text
 * @param retryAfterSeconds 0 for no {@code Retry-After}
 */
record Refusal(int status, String phrase, String code, String message, int retryAfterSeconds) {
    private static final int RETRY_SECONDS = 5;

    static final Refusal ENDPOINT_FAILURE =
            new Refusal(502, "Bad Gateway", "endpoint_failure", "Registered endpoint failed to handle the request.", 0);
    static final Refusal ENDPOINT_TIMEOUT =
            new Refusal(504, "Gateway Timeout", "endpoint_timeout", "Registered endpoint did not answer in time.", 0);
    static final Refusal SLOW_CLIENT =
            new Refusal(408, "Request Timeout", "request_timeout", "The request did not arrive in time.", 0);

    static final Refusal DRAIN_OVER = new Refusal(
            503, "Service Unavailable", "drain_timeout", "The router stops, and the request has outlived its time.", 0);

    static final Refusal ENDPOINT_SILENT =
            new Refusal(502, "Bad Gateway", "endpoint_silent", "Registered endpoint's machine does not answer.", 0);

    static Refusal unknownRoute(String host) {
        return new Refusal(404, "Not Found", "unknown_route", "Requested route ('" + host + "') does not exist.", 0);
    }

    static final Refusal ENDPOINTS_FULL = new Refusal(
            503,
            "Service Unavailable",
            "endpoints_full",
            "All endpoints of the route have as many requests as they may.",
            RETRY_SECONDS);

    static Refusal noEndpoint(String host) {
        return new Refusal(
                503,
                "Service Unavailable",
                "no_endpoints",
                "Requested route ('" + host + "') has no available endpoints.",
                RETRY_SECONDS);
    }

    static Refusal tooManyConnections(int limit) {
        return new Refusal(
                503,
                "Service Unavailable",
                "too_many_connections",
                "The router has " + limit + " connections, its limit.",
                RETRY_SECONDS);
    }

    static Refusal tooManyOfOneClient(int limit) {
        return new Refusal(
                429,
                "Too Many Requests",
                "too_many_connections_of_client",
                "Your address has " + limit + " connections, the limit for one.",
                RETRY_SECONDS);
    }

    static Refusal bodyTooLong(long limit) {
        return new Refusal(
                413,
                "Content Too Large",
                "body_too_long",
                "The body is longer than " + limit + " bytes, the limit.",
                0);
    }

    static Refusal badMessage(int status, String reason) {
        String phrase = switch (status) {
            case 414 -> "URI Too Long";
            case 417 -> "Expectation Failed";
            case 431 -> "Request Header Fields Too Large";
            case 501 -> "Not Implemented";
            case 505 -> "HTTP Version Not Supported";
            default -> "Bad Request";
        };
        return new Refusal(status, phrase, "bad_request", reason, 0);
    }

    String text() {
        return status + " " + phrase + ": " + message;
    }
}
