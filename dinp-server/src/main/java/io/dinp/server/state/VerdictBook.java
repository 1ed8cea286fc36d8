package io.dinp.server.state;

import io.dinp.server.core.Instance;
import io.dinp.server.core.RealState;
import io.dinp.server.core.ReplaceRule;
import io.dinp.server.core.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The health monitor's judgements, and people's wishes to have an instance replaced, that are in force. */
public final class VerdictBook {

    private final Duration interval;
    private Map<String, Verdict> verdicts = Map.of();

    /** Verdicts live for some intervals of beats unless they are repeated. */
    public VerdictBook(Duration interval) {
        this.interval = interval;
    }

    /** Takes a verdict; why it was refused, empty when it was not. */
    public synchronized Optional<String> judge(Instance instance, String reason, long now) {
        verdicts = ReplaceRule.live(verdicts, now);
        Optional<String> refusal = ReplaceRule.refusal(instance, verdicts);
        if (refusal.isEmpty()) {
            verdicts = ReplaceRule.with(verdicts, instance, reason, interval, now);
        }
        return refusal;
    }

    /** Takes a person's wish to have a well instance replaced; why it was refused, empty when it was not. */
    public synchronized Optional<String> ask(Instance instance, String reason, long now) {
        verdicts = ReplaceRule.live(verdicts, now);
        Optional<String> refusal = ReplaceRule.refusal(instance, verdicts, true);
        if (refusal.isEmpty()) {
            verdicts = ReplaceRule.asked(verdicts, instance, reason, now);
        }
        return refusal;
    }

    /** The verdicts in force, by instance; those on instances that are gone are forgotten. */
    public synchronized Map<String, Verdict> live(RealState real, long now) {
        if (verdicts.isEmpty()) {
            return verdicts;
        }
        verdicts = ReplaceRule.among(ReplaceRule.live(verdicts, now), real);
        return verdicts;
    }
}
