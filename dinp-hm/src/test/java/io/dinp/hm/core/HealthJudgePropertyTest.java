package io.dinp.hm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.hm.core.Verdict.Replacement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 7 of the safety rules held against random fleets; each seed is a fleet's life of 400 rounds. */
class HealthJudgePropertyTest {
    private static final Policy POLICY =
            new Policy(Duration.ofSeconds(5), Duration.ofSeconds(30), 3, Duration.ofSeconds(30));
    private static final int ROUNDS = 400;

    private final Map<String, Integer> failuresInARow = new HashMap<>();
    private final Map<String, Instant> failingSince = new HashMap<>();
    private final Map<String, Instant> askedAt = new HashMap<>();
    private final Map<String, String> askedFor = new HashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 42, 4711})
    void ruleSevenHolds(long seed) {
        Random random = new Random(seed);
        double failing = random.nextDouble() * 0.7;
        Set<String> fleet = new TreeSet<>();
        Set<String> sick = new TreeSet<>();
        Book book = Book.EMPTY;
        Instant now = Instant.ofEpochSecond(seed * 1000);
        for (int round = 0; round < ROUNDS; round++) {
            changeFleet(fleet, sick, failing, random, round);
            List<Probe> probes = fleet.stream()
                    .map(id -> new Probe(id.substring(0, 1), id, id, !sick.contains(id), "x"))
                    .toList();
            Verdict verdict = HealthJudge.judge(book, probes, POLICY, now);
            assertEquals(verdict, HealthJudge.judge(book, probes, POLICY, now), "same input, same verdict");
            check(verdict, probes, now);
            book = verdict.book();
            now = now.plus(POLICY.interval());
        }
    }

    private static void changeFleet(Set<String> fleet, Set<String> sick, double failing, Random random, int round) {
        if (fleet.size() < 3 || random.nextInt(4) == 0) {
            fleet.add("abc".charAt(random.nextInt(3)) + "-" + round);
        }
        if (fleet.size() > 12 || random.nextInt(10) == 0) {
            List<String> all = new ArrayList<>(fleet);
            fleet.remove(all.get(random.nextInt(all.size())));
        }
        for (String id : fleet) {
            if (random.nextInt(6) == 0) {
                boolean change = random.nextDouble() < failing ? sick.add(id) : sick.remove(id);
                assertTrue(change || fleet.contains(id));
            }
        }
    }

    private void check(Verdict verdict, List<Probe> probes, Instant now) {
        long down = probes.stream().filter(probe -> !probe.healthy()).count();
        for (Probe probe : probes) {
            failuresInARow.merge(probe.instance(), 1, (old, one) -> old + one);
            failingSince.putIfAbsent(probe.instance(), now);
            if (probe.healthy()) {
                failuresInARow.remove(probe.instance());
                failingSince.remove(probe.instance());
                askedFor.remove(probe.app(), probe.instance());
            }
        }
        if (verdict.sickness().isPresent()) {
            assertTrue(2 * down > 5 && verdict.replacements().isEmpty(), "sick without need, or judged all the same");
        }
        Map<String, List<Replacement>> byApp =
                verdict.replacements().stream().collect(Collectors.groupingBy(Replacement::app));
        byApp.forEach((app, wishes) -> {
            assertEquals(1, wishes.size(), "one of an app at a time");
            checkWish(wishes.get(0), probes, now);
        });
    }

    private void checkWish(Replacement wish, List<Probe> probes, Instant now) {
        assertTrue(failuresInARow.getOrDefault(wish.instance(), 0) >= POLICY.failures(), "three failures in a row");
        boolean othersServe = probes.stream().anyMatch(p -> p.app().equals(wish.app()) && p.healthy());
        Duration failed = Duration.between(failingSince.get(wish.instance()), now);
        assertTrue(othersServe || failed.compareTo(POLICY.lastOnePatience()) >= 0, "the last one has failed for 30 s");
        Instant before = askedAt.get(wish.app());
        String other = askedFor.getOrDefault(wish.app(), wish.instance());
        boolean otherGoesOn = before != null
                && !other.equals(wish.instance())
                && Duration.between(before, now).compareTo(POLICY.verdictLifetime()) <= 0
                && probes.stream().anyMatch(p -> p.instance().equals(other) && !p.healthy());
        assertTrue(!otherGoesOn, "another replacement of this app goes on");
        askedAt.put(wish.app(), now);
        askedFor.put(wish.app(), wish.instance());
    }
}
