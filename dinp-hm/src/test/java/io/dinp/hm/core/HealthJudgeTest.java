package io.dinp.hm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.hm.core.Verdict.Replacement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthJudgeTest {
    private static final Policy POLICY =
            new Policy(Duration.ofSeconds(5), Duration.ofSeconds(30), 3, Duration.ofSeconds(30));

    private Instant now = Instant.ofEpochSecond(1_000_000);
    private Book book = Book.EMPTY;
    private Verdict verdict;

    @Test
    void replacesAfterThreeFailuresInARow() {
        round(up("demo", "a"), up("demo", "b"));
        assertEquals(List.of(), round(down("demo", "a"), up("demo", "b")));
        assertEquals(List.of(), round(down("demo", "a"), up("demo", "b")));
        List<Replacement> third = round(down("demo", "a"), up("demo", "b"));
        assertEquals(
                List.of(new Replacement(
                        "demo", "a", "health check at 10.0.0.1:1 failed 3 times in 10 s: connection refused", false)),
                third);
    }

    @Test
    void oneSuccessBeginsTheCountAnew() {
        round(up("demo", "a"), up("demo", "b"));
        rounds(2, down("demo", "a"), up("demo", "b"));
        round(up("demo", "a"), up("demo", "b"));
        assertEquals(List.of(), rounds(2, down("demo", "a"), up("demo", "b")));
        assertEquals(1, round(down("demo", "a"), up("demo", "b")).size());
    }

    @Test
    void failuresInTheGraceDoNotCount() {
        round(up("demo", "b"));
        assertEquals(List.of(), rounds(6, down("demo", "a"), up("demo", "b")));
        assertEquals(List.of(), rounds(2, down("demo", "a"), up("demo", "b")));
        assertEquals(1, round(down("demo", "a"), up("demo", "b")).size());
    }

    @Test
    void anAnswerEndsTheGrace() {
        round(up("demo", "a"), up("demo", "b"));
        assertEquals(1, rounds(3, down("demo", "a"), up("demo", "b")).size());
    }

    @Test
    void onlyOneInstanceOfAnAppAtATimeAndTheWishIsRepeated() {
        Probe[] probes = {down("demo", "a"), down("demo", "b"), up("demo", "c"), up("demo", "d")};
        round(up("demo", "a"), up("demo", "b"), up("demo", "c"), up("demo", "d"));
        List<Replacement> wishes = rounds(8, probes);
        assertEquals(6, wishes.size());
        assertTrue(wishes.stream().allMatch(wish -> wish.instance().equals("a")));
        assertEquals(1, wishes.stream().filter(wish -> !wish.repeated()).count());
    }

    @Test
    void theNextOneWaitsForTheReplacementToAnswer() {
        round(up("demo", "a"), up("demo", "b"), up("demo", "c"));
        rounds(3, down("demo", "a"), down("demo", "b"), up("demo", "c"));
        assertEquals(List.of(), rounds(2, down("demo", "new"), down("demo", "b"), up("demo", "c")));
        assertEquals(
                "b",
                round(up("demo", "new"), down("demo", "b"), up("demo", "c"))
                        .get(0)
                        .instance());
    }

    @Test
    void appsAreJudgedApart() {
        round(up("x", "a"), up("x", "b"), up("y", "c"), up("y", "d"));
        assertEquals(
                2,
                rounds(3, down("x", "a"), up("x", "b"), down("y", "c"), up("y", "d"))
                        .size());
    }

    @Test
    void theOnlyInstanceIsReplacedAfterThirtySecondsOfFailure() {
        round(up("demo", "a"));
        assertEquals(List.of(), rounds(6, down("demo", "a")));
        assertEquals(1, round(down("demo", "a")).size());
    }

    @Test
    void whenAllFailNobodyIsReplacedBeforeThirtySeconds() {
        round(up("demo", "a"), up("demo", "b"));
        assertEquals(List.of(), rounds(6, down("demo", "a"), down("demo", "b")));
        assertEquals(1, round(down("demo", "a"), down("demo", "b")).size());
    }

    @Test
    void aMonitorThatIsCutOffJudgesNothing() {
        Probe[] good = {up("x", "a"), up("x", "b"), up("x", "c"), up("y", "d"), up("y", "e")};
        Probe[] bad = {down("x", "a"), down("x", "b"), up("x", "c"), down("y", "d"), up("y", "e")};
        round(good);
        assertEquals(List.of(), rounds(10, bad));
        assertTrue(verdict.sickness().orElseThrow().contains("3 of 5"));
        round(good);
        assertTrue(verdict.sickness().isEmpty());
        assertEquals(List.of(), rounds(2, down("x", "a"), up("x", "b"), up("x", "c"), up("y", "d"), up("y", "e")));
    }

    @Test
    void oneAppAloneMayFailWhole() {
        Probe[] good = {up("x", "a"), up("x", "b"), up("x", "c"), up("x", "d"), up("x", "e")};
        Probe[] bad = {down("x", "a"), down("x", "b"), down("x", "c"), down("x", "d"), up("x", "e")};
        round(good);
        assertEquals(1, rounds(3, bad).size());
    }

    @Test
    void findingsExpireAfterThreeIntervals() {
        round(up("demo", "a"), up("demo", "b"));
        rounds(2, down("demo", "a"), up("demo", "b"));
        now = now.plusSeconds(20);
        assertEquals(List.of(), rounds(2, down("demo", "a"), up("demo", "b")));
        assertEquals(1, round(down("demo", "a"), up("demo", "b")).size());
    }

    @Test
    void aWishEndsWhenTheInstanceAnswersAgain() {
        round(up("demo", "a"), up("demo", "b"));
        assertEquals(1, rounds(3, down("demo", "a"), up("demo", "b")).size());
        assertEquals(List.of(), round(up("demo", "a"), up("demo", "b")));
        assertEquals(List.of(), rounds(2, down("demo", "a"), up("demo", "b")));
    }

    @Test
    void aRefusedWishMayBeRepeatedAtOnce() {
        round(up("demo", "a"), up("demo", "b"));
        rounds(3, down("demo", "a"), up("demo", "b"));
        book = book.withoutAsked("demo");
        assertEquals(1, round(down("demo", "a"), up("demo", "b")).size());
    }

    private List<Replacement> rounds(int count, Probe... probes) {
        List<Replacement> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.addAll(round(probes));
        }
        return all;
    }

    private List<Replacement> round(Probe... probes) {
        verdict = HealthJudge.judge(book, List.of(probes), POLICY, now);
        book = verdict.book();
        now = now.plus(POLICY.interval());
        return verdict.replacements();
    }

    private static Probe up(String app, String instance) {
        return new Probe(app, instance, "10.0.0.1:1", true, "status 200");
    }

    private static Probe down(String app, String instance) {
        return new Probe(app, instance, "10.0.0.1:1", false, "connection refused");
    }
}
