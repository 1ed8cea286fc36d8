package io.dinp.agent.instances;

import io.dinp.agent.core.Entry;
import io.dinp.agent.core.Run;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line in the log for each change that matters to a person. */
final class Transitions {
    private static final Logger log = LoggerFactory.getLogger(Instances.class);

    private Transitions() {}

    static void log(Entry before, Entry after) {
        Run run = after.run();
        String app = after.spec().app();
        switch (after.state()) {
            case RUNNING -> {
                if (run.ready()) {
                    long took = run.readyAt() - run.startedAt();
                    log.info(
                            "instance ready app={} instance={} port={} ms={}",
                            app,
                            after.instance(),
                            after.port(),
                            took);
                } else {
                    log.info("instance started app={} instance={} port={}", app, after.instance(), run.publicPort());
                }
            }
            case EXITED, FAILED -> {
                if (before.state() != after.state()) {
                    log.warn(
                            "instance {} app={} instance={} stage={} reason={}",
                            after.state().wire(),
                            app,
                            after.instance(),
                            after.stage().wire(),
                            after.reason());
                }
            }
            case STOPPING ->
                log.info("instance stopping app={} instance={} grace={}", app, after.instance(), after.graceSeconds());
            default -> log.debug("instance {} app={} instance={}", after.state().wire(), app, after.instance());
        }
    }
}
