package io.dinp.router.core;

import io.dinp.common.model.HostPort;
import java.util.List;

/**
 * An app's host and its endpoints. A known app without a ready instance has a route with no endpoint, and is answered 503, not 404.
 *
 * @param host {@code <app>.<domain>}, lower-case
 * @param app the first label of the host
 * @param endpoints in the order of Redis, without duplicates
 */
public record Route(String host, String app, List<HostPort> endpoints) {
    public Route {
        endpoints = List.copyOf(endpoints);
    }

    static Route of(String host, List<HostPort> endpoints) {
        int dot = host.indexOf('.');
        return new Route(host, dot < 0 ? host : host.substring(0, dot), endpoints);
    }
}
