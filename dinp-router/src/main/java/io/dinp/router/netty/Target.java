package io.dinp.router.netty;

import io.dinp.common.model.HostNames;
import io.dinp.router.core.AppNumbers;
import io.dinp.router.core.BackendPicker;
import io.dinp.router.core.Route;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Where the requests of one connection for one host go, looked up once and used until the table or the host changes. */
final class Target {
    private final long generation;
    private final String host;
    private final Optional<Route> route;
    private final BackendPicker<PooledBackend> picker;
    private final byte[] application;
    private final AppNumbers numbers;

    private Target(
            long generation,
            String host,
            Optional<Route> route,
            BackendPicker<PooledBackend> picker,
            AppNumbers numbers) {
        this.generation = generation;
        this.host = host;
        this.route = route;
        this.picker = picker;
        this.numbers = numbers;
        this.application = route.map(Route::app).orElse("").getBytes(StandardCharsets.US_ASCII);
    }

    static Target of(Worker worker, String host) {
        Optional<Route> route = worker.table().lookup(HostNames.normalize(host));
        BackendPicker<PooledBackend> picker = route.filter(
                        found -> !found.endpoints().isEmpty())
                .map(worker::picker)
                .orElse(null);
        AppNumbers numbers = route.map(found -> worker.numbers(found.host())).orElse(null);
        return new Target(worker.generation(), host, route, picker, numbers);
    }

    /** Whether it was found in that generation of the table. */
    boolean isOf(long present) {
        return generation == present;
    }

    /** The host as sent. */
    String host() {
        return host;
    }

    boolean isKnown() {
        return route.isPresent();
    }

    /** The balance among its endpoints, or null when it has none. */
    BackendPicker<PooledBackend> picker() {
        return picker;
    }

    /** Where its requests are counted, or null when it is not known. */
    AppNumbers numbers() {
        return numbers;
    }

    byte[] application() {
        return application;
    }

    String app() {
        return route.map(Route::app).orElse("");
    }
}
