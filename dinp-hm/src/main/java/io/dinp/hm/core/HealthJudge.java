package io.dinp.hm.core;

import io.dinp.hm.core.Book.Asked;
import io.dinp.hm.core.Book.Entry;
import io.dinp.hm.core.Verdict.Replacement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides which instances are sick enough to be replaced (safety rule 7): after a grace and some failures in a row, one
 * instance of an app at a time, the last one that may still serve only after more patience, and nobody while the
 * monitor itself seems to be cut off.
 */
public final class HealthJudge {
    private static final int SICK_INSTANCES = 5;
    private static final int SICK_APPS = 2;

    private final Book book;
    private final List<Probe> probes;
    private final Policy policy;
    private final Instant now;

    private HealthJudge(Book book, List<Probe> probes, Policy policy, Instant now) {
        this.book = book;
        this.probes = probes;
        this.policy = policy;
        this.now = now;
    }

    /** Judges one round. The same input gives the same verdict; instances that were not probed are forgotten. */
    public static Verdict judge(Book book, List<Probe> probes, Policy policy, Instant now) {
        return new HealthJudge(book, probes, policy, now).judge();
    }

    private Verdict judge() {
        Optional<String> sickness = sickness();
        if (sickness.isPresent()) {
            return new Verdict(withSuccesses(), List.of(), sickness);
        }
        SortedMap<String, Entry> entries = new TreeMap<>();
        probes.forEach(probe -> entries.put(probe.instance(), next(probe)));
        SortedMap<String, Asked> asked = stillAsked(entries);
        List<Replacement> replacements = new ArrayList<>();
        byApp().forEach((app, ofApp) -> {
            Asked before = asked.get(app);
            wanted(ofApp, entries, before).ifPresent(probe -> {
                asked.put(app, new Asked(probe.instance(), now));
                replacements.add(replacement(probe, entries.get(probe.instance()), before != null));
            });
        });
        return new Verdict(new Book(entries, asked), List.copyOf(replacements), Optional.empty());
    }

    /** Why the monitor does not trust itself: most of several apps' instances cannot well fail at once. */
    private Optional<String> sickness() {
        List<Probe> judged = probes.stream()
                .filter(probe -> probe.healthy() || !inGrace(next(probe)))
                .toList();
        long failing = judged.stream().filter(probe -> !probe.healthy()).count();
        long apps = judged.stream().map(Probe::app).distinct().count();
        if (judged.size() >= SICK_INSTANCES && apps >= SICK_APPS && 2 * failing > judged.size()) {
            return Optional.of(failing + " of " + judged.size() + " instances of " + apps
                    + " apps fail at once: this monitor may be cut off and judges nothing");
        }
        return Optional.empty();
    }

    /** The book after a round that is not trusted: failures prove nothing, but an answer is an answer. */
    private Book withSuccesses() {
        SortedMap<String, Entry> entries = new TreeMap<>(book.entries());
        probes.stream().filter(Probe::healthy).forEach(probe -> entries.put(probe.instance(), next(probe)));
        return new Book(entries, book.asked());
    }

    private Entry next(Probe probe) {
        Entry old = book.entries().get(probe.instance());
        Instant firstSeen = old == null ? now : old.firstSeen();
        boolean everHealthy = probe.healthy() || (old != null && old.everHealthy());
        Entry fresh = new Entry(probe.app(), firstSeen, now, everHealthy, 0, Optional.empty());
        if (probe.healthy() || inGrace(fresh)) {
            return fresh;
        }
        boolean goesOn = old != null && old.failures() > 0 && isFresh(old.lastProbed());
        int failures = goesOn ? old.failures() + 1 : 1;
        Optional<Instant> since = goesOn ? old.failingSince() : Optional.of(now);
        return new Entry(probe.app(), firstSeen, now, everHealthy, failures, since);
    }

    /** Replacements asked for that go on: the instance is there, still fails, and the asking is not forgotten yet. */
    private SortedMap<String, Asked> stillAsked(Map<String, Entry> entries) {
        SortedMap<String, Asked> still = new TreeMap<>();
        book.asked().forEach((app, asked) -> {
            Entry entry = entries.get(asked.instance());
            if (entry != null && entry.failures() > 0 && isFresh(asked.at())) {
                still.put(app, asked);
            }
        });
        return still;
    }

    /**
     * The instance of one app to be replaced. One that was asked for stays the one, and the wish is repeated while it
     * holds: the server forgets wishes that are not.
     */
    private Optional<Probe> wanted(List<Probe> ofApp, Map<String, Entry> entries, Asked before) {
        boolean othersServe = ofApp.stream().anyMatch(Probe::healthy);
        Stream<Probe> sick = ofApp.stream().filter(probe -> isSick(entries.get(probe.instance()), othersServe));
        if (before != null) {
            return sick.filter(probe -> probe.instance().equals(before.instance()))
                    .findFirst();
        }
        boolean anotherStarts =
                ofApp.stream().anyMatch(probe -> !probe.healthy() && inGrace(entries.get(probe.instance())));
        return sick.filter(probe -> !anotherStarts)
                .min(Comparator.comparing((Probe probe) ->
                                entries.get(probe.instance()).failingSince().orElse(now))
                        .thenComparing(Probe::instance));
    }

    private boolean isSick(Entry entry, boolean othersServe) {
        return entry.failures() >= policy.failures()
                && (othersServe
                        || !failedFor(entry).minus(policy.lastOnePatience()).isNegative());
    }

    private Replacement replacement(Probe probe, Entry entry, boolean repeated) {
        String reason = "health check at " + probe.address() + " failed " + entry.failures() + " times in "
                + failedFor(entry).toSeconds() + " s: " + probe.finding();
        return new Replacement(probe.app(), probe.instance(), reason, repeated);
    }

    private Duration failedFor(Entry entry) {
        return Duration.between(entry.failingSince().orElse(now), now);
    }

    private boolean inGrace(Entry entry) {
        return !entry.everHealthy() && now.isBefore(entry.firstSeen().plus(policy.grace()));
    }

    private boolean isFresh(Instant finding) {
        return Duration.between(finding, now).compareTo(policy.verdictLifetime()) <= 0;
    }

    private SortedMap<String, List<Probe>> byApp() {
        return probes.stream().collect(Collectors.groupingBy(Probe::app, TreeMap::new, Collectors.toList()));
    }
}
