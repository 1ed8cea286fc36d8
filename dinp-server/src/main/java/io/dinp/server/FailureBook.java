package io.dinp.server;

import io.dinp.server.core.Failure;
import io.dinp.server.core.KeptFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Knows why each app's last deploy was given up, with the last output of the instance that showed it. */
final class FailureBook {

    private final Map<String, KeptFailure> failures;

    /** Begins with what MySQL remembers. */
    FailureBook(Map<String, KeptFailure> stored) {
        this.failures = new ConcurrentHashMap<>(stored);
    }

    /** Why the last deploy of an app was given up, as far as that revision is concerned. */
    Optional<KeptFailure> of(String app, String revision) {
        return Optional.ofNullable(failures.get(app))
                .filter(kept -> kept.failure().revision().equals(revision));
    }

    /** Drops what is known of an app that is gone. */
    void forget(String app) {
        failures.remove(app);
    }

    /** Takes a failure whose output is not known yet. */
    void take(Failure failure) {
        failures.put(failure.app(), new KeptFailure(failure, List.of()));
    }

    /** Takes the last output of an instance; the failure that it belongs to, if it is still the last of its app. */
    Optional<KeptFailure> output(String app, String instance, List<String> log) {
        KeptFailure known = failures.get(app);
        if (known == null || !known.failure().instance().equals(instance)) {
            return Optional.empty();
        }
        KeptFailure told = new KeptFailure(known.failure(), log);
        return failures.replace(app, known, told) ? Optional.of(told) : Optional.empty();
    }
}
