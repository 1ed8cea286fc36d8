package io.dinp.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dinp.agent.core.FetchedImage.Use;
import io.dinp.agent.core.ImageChoice.Rules;
import io.dinp.agent.core.ImageChoice.Why;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ImageChoiceTest {
    private static final long NOW = 1_000_000;
    private static final Rules RULES = new Rules(2, 10_000, 80, 90);
    private static final Optional<DiskUse> ROOMY = Optional.of(new DiskUse(79, 89));

    /** Images a1, a2, … of the app a, made at ten-second steps; the last is the current one, wanted 20 s ago. */
    private static List<FetchedImage> images(String app, int count) {
        List<FetchedImage> all = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            all.add(image(app + i, new Use(app, "r" + i, NOW - 20_000 - (count - i) * 10_000L)));
        }
        return all;
    }

    private static FetchedImage image(String id, Use... uses) {
        return new FetchedImage(id, List.of("r:5000/me/" + id + ":1"), List.of(uses));
    }

    private static List<FetchedImage> join(List<FetchedImage> some, FetchedImage... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toList();
    }

    static Stream<Arguments> cases() {
        Use recent = new Use("b", "r1", NOW - 9_999);
        return Stream.of(
                Arguments.of("nothing fetched", List.of(), Set.of(), ROOMY, ""),
                Arguments.of("current and two more stay", images("a", 3), Set.of(), ROOMY, ""),
                Arguments.of("the fourth goes, the oldest first", images("a", 5), Set.of(), ROOMY, "a1 OLD"),
                Arguments.of("not while a container has it", images("a", 4), Set.of("a1"), ROOMY, ""),
                Arguments.of("then the next one", images("a", 5), Set.of("a1"), ROOMY, "a2 OLD"),
                Arguments.of(
                        "not while another app keeps it",
                        join(images("a", 4).subList(1, 4), image("a1", new Use("a", "r1", 1), new Use("c", "r9", 2))),
                        Set.of(),
                        ROOMY,
                        ""),
                Arguments.of(
                        "two revisions of one image count as two",
                        List.of(
                                image("x", new Use("a", "r1", 1), new Use("a", "r2", 2)),
                                image("y", new Use("a", "r3", 3), new Use("a", "r4", 4), new Use("a", "r5", 5))),
                        Set.of(),
                        ROOMY,
                        "x OLD"),
                Arguments.of(
                        "a full disk takes kept ones",
                        images("a", 3),
                        Set.of(),
                        Optional.of(new DiskUse(80, 0)),
                        "a1 DISK"),
                Arguments.of("so do inodes", images("a", 3), Set.of(), Optional.of(new DiskUse(0, 90)), "a1 INODES"),
                Arguments.of("old ones first", images("a", 4), Set.of(), Optional.of(new DiskUse(99, 99)), "a1 OLD"),
                Arguments.of(
                        "the least recently used of all apps",
                        join(images("a", 2), image("b1", new Use("b", "r1", 5))),
                        Set.of(),
                        Optional.of(new DiskUse(99, 0)),
                        "b1 DISK"),
                Arguments.of(
                        "never what runs", images("a", 2), Set.of("a1", "a2"), Optional.of(new DiskUse(99, 0)), ""),
                Arguments.of(
                        "never what is about to start",
                        List.of(image("b1", recent)),
                        Set.of(),
                        Optional.of(new DiskUse(99, 99)),
                        ""),
                Arguments.of(
                        "a disk that cannot be seen presses nobody", images("a", 3), Set.of(), Optional.empty(), ""),
                Arguments.of(
                        "a clock that went back only delays",
                        List.of(image("b1", new Use("b", "r1", NOW + 5_000_000))),
                        Set.of(),
                        Optional.of(new DiskUse(99, 99)),
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theNextToGo(
            String what, List<FetchedImage> fetched, Set<String> inUse, Optional<DiskUse> disk, String expected) {
        String next = ImageChoice.next(fetched, inUse, disk, RULES, NOW)
                .map(going -> going.image().id() + " " + going.why())
                .orElse("");
        assertEquals(expected, next, what);
    }

    @Test
    void whateverIsThereWhatRunsAndWhatIsKeptStaysOnARoomyDisk() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<FetchedImage> left = new ArrayList<>();
            Set<String> inUse = new HashSet<>();
            for (int i = 0; i < random.nextInt(30); i++) {
                Use use = new Use("app" + random.nextInt(3), "r" + random.nextInt(12), random.nextInt((int) NOW));
                left.add(image("i" + i, use));
                if (random.nextInt(5) == 0) {
                    inUse.add("i" + i);
                }
            }
            Set<String> apps = new HashSet<>();
            left.forEach(one -> apps.add(one.uses().get(0).app()));
            Optional<ImageChoice.Going> next = ImageChoice.next(left, inUse, ROOMY, RULES, NOW);
            while (next.isPresent()) {
                FetchedImage gone = next.get().image();
                assertEquals(Why.OLD, next.get().why(), "seed " + seed);
                assertEquals(false, inUse.contains(gone.id()), "seed " + seed);
                left.remove(gone);
                next = ImageChoice.next(left, inUse, ROOMY, RULES, NOW);
            }
            Set<String> stays = new HashSet<>();
            left.forEach(one -> stays.add(one.uses().get(0).app()));
            assertEquals(apps, stays, "no app loses its last image, seed " + seed);
        }
    }

    @Test
    void aDiskIsReadLikeDf() {
        assertEquals(Optional.of(new DiskUse(90, 50)), DiskUse.parse("1000 190 90 100 50\n"));
        assertEquals(Optional.of(new DiskUse(1, 0)), DiskUse.parse("1000 999 999 0 0"));
        assertEquals(Optional.of(new DiskUse(100, 100)), DiskUse.parse("10 0 0 10 0"));
        for (String text : List.of("", "1 2 3 4", "a b c d e", "stat: cannot read file system", "1 2 3 4 -5")) {
            assertEquals(Optional.empty(), DiskUse.parse(text), text);
        }
    }

    @Test
    void usesAndNamesAreBounded() {
        FetchedImage image = FetchedImage.of("i", List.of("n0"), new Use("a", "r0", 0));
        for (int i = 1; i < 200; i++) {
            image = image.used(new Use("a", "r" + i, i)).called(List.of("n" + i));
        }
        assertEquals(64, image.uses().size());
        assertEquals("r199", image.uses().get(0).revision());
        assertEquals(199, image.lastUsed());
        assertEquals(16, image.names().size());
        assertEquals(image, image.used(new Use("a", "r199", 199)));
    }
}
