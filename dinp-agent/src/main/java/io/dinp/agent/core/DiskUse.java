package io.dinp.agent.core;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * How full a disk is, as {@code df} counts: what root alone may use is not free.
 *
 * @param bytesPercent of its bytes, rounded up
 * @param inodesPercent of its inodes, rounded up; 0 on a file system that has no fixed number of them
 */
public record DiskUse(int bytesPercent, int inodesPercent) {
    private static final int FIELDS = 5;

    /**
     * Reads five numbers: blocks in all, free, free for everybody; inodes in all, free.
     *
     * @return empty when the text is something else
     */
    public static Optional<DiskUse> parse(String text) {
        String[] fields = text.strip().split("\\s+");
        if (fields.length != FIELDS || !Stream.of(fields).allMatch(field -> field.matches("\\d{1,18}"))) {
            return Optional.empty();
        }
        long[] n = Stream.of(fields).mapToLong(Long::parseLong).toArray();
        long blocks = n[0] - n[1];
        return Optional.of(new DiskUse(percent(blocks, blocks + n[2]), percent(n[3] - n[4], n[3])));
    }

    private static int percent(long used, long all) {
        return all <= 0 ? 0 : (int) Math.ceil(Math.max(0, used) * 100.0 / all);
    }
}
