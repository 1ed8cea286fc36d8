package io.dinp.common.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which handler answers which method and path. */
final class Routes {
    private final List<Route> routes = new ArrayList<>();

    private record Route(String method, List<String> parts, Access access, Handler handler) {}

    /** Who may use a route. */
    enum Access {
        OPEN,
        READ,
        WRITE
    }

    /** A route found, with the values of its path. */
    record Match(Access access, Handler handler, Map<String, String> pathVars) {}

    void add(String method, String path, Access access, Handler handler) {
        routes.add(new Route(method, split(path), access, handler));
    }

    Optional<Match> find(String method, String path) {
        List<String> parts = split(path);
        for (Route route : routes) {
            if (route.method().equals(method)) {
                Optional<Map<String, String>> vars = match(route.parts(), parts);
                if (vars.isPresent()) {
                    return Optional.of(new Match(route.access(), route.handler(), vars.get()));
                }
            }
        }
        return Optional.empty();
    }

    boolean knows(String path) {
        List<String> parts = split(path);
        return routes.stream().anyMatch(route -> match(route.parts(), parts).isPresent());
    }

    private static List<String> split(String path) {
        return List.of(path.split("/", -1));
    }

    private static Optional<Map<String, String>> match(List<String> pattern, List<String> parts) {
        if (pattern.size() != parts.size()) {
            return Optional.empty();
        }
        Map<String, String> vars = new HashMap<>();
        for (int i = 0; i < parts.size(); i++) {
            String wanted = pattern.get(i);
            if (wanted.startsWith("{") && !parts.get(i).isEmpty()) {
                vars.put(wanted.substring(1, wanted.length() - 1), parts.get(i));
            } else if (!wanted.equals(parts.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(vars);
    }
}
