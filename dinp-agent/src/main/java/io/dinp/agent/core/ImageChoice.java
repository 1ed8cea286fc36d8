package io.dinp.agent.core;

import io.dinp.agent.core.FetchedImage.Use;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which of the fetched images goes next, so that a node's disk never fills with what nobody will start again. */
public final class ImageChoice {

    /**
     * What an operator may set about it.
     *
     * @param keep revisions of an app whose images stay beside the current one's
     * @param restMs an image that was wanted within this time stays in any case, since its instance may be about to start
     * @param bytesPercent mark of the disk's bytes from which also kept images go
     * @param inodesPercent mark of the disk's inodes from which also kept images go
     */
    public record Rules(int keep, long restMs, int bytesPercent, int inodesPercent) {}

    /** Why an image goes. */
    public enum Why {
        /** Enough later revisions of each of its apps are here. */
        OLD,
        /** The disk is full. */
        DISK,
        /** The disk has no inodes left. */
        INODES
    }

    /**
     * An image that is to go.
     *
     * @param image the one
     * @param why the rule
     */
    public record Going(FetchedImage image, Why why) {}

    private ImageChoice() {}

    /**
     * The next image to remove; asked again after each removal, since that may be enough.
     *
     * @param inUse ids of images that some container has
     * @param disk how full the disk is, empty when that is not known
     */
    public static Optional<Going> next(
            List<FetchedImage> fetched, Set<String> inUse, Optional<DiskUse> disk, Rules rules, long now) {
        List<FetchedImage> idle = fetched.stream()
                .filter(image -> !inUse.contains(image.id()) && now - image.lastUsed() >= rules.restMs())
                .sorted(Comparator.comparingLong(FetchedImage::lastUsed).thenComparing(FetchedImage::id))
                .toList();
        Predicate<Use> kept = kept(fetched, rules.keep());
        Optional<FetchedImage> old = idle.stream()
                .filter(image -> image.uses().stream().noneMatch(kept))
                .findFirst();
        if (old.isPresent()) {
            return old.map(image -> new Going(image, Why.OLD));
        }
        return pressure(disk, rules).flatMap(why -> idle.stream().findFirst().map(image -> new Going(image, why)));
    }

    private static Optional<Why> pressure(Optional<DiskUse> disk, Rules rules) {
        if (disk.filter(use -> use.bytesPercent() >= rules.bytesPercent()).isPresent()) {
            return Optional.of(Why.DISK);
        }
        return disk.filter(use -> use.inodesPercent() >= rules.inodesPercent()).map(use -> Why.INODES);
    }

    /** True for the uses by the revisions of each app that were wanted last. */
    private static Predicate<Use> kept(List<FetchedImage> fetched, int keep) {
        Map<String, Map<String, Long>> latest = new TreeMap<>();
        for (FetchedImage image : fetched) {
            for (Use use : image.uses()) {
                latest.computeIfAbsent(use.app(), app -> new TreeMap<>()).merge(use.revision(), use.at(), Math::max);
            }
        }
        Set<String> kept = new HashSet<>();
        latest.forEach((app, revisions) ->
                newest(revisions).limit(keep + 1L).forEach(revision -> kept.add(app + " " + revision)));
        return use -> kept.contains(use.app() + " " + use.revision());
    }

    private static Stream<String> newest(Map<String, Long> revisions) {
        return revisions.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey);
    }
}
