package io.dinp.hm.core;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the judge remembers from round to round. It may be lost at any time: the loss gives every instance a new grace
 * and so only delays.
 *
 * @param entries by instance
 * @param asked the replacement asked for, by app
 */
public record Book(SortedMap<String, Entry> entries, SortedMap<String, Asked> asked) {
    /** The book of a monitor that has just started. */
    public static final Book EMPTY = new Book(new TreeMap<>(), new TreeMap<>());

    /**
     * The memory of one instance.
     *
     * @param everHealthy whether it has answered well once, which ends its grace
     * @param failures counted in a row
     * @param failingSince time of the first of them
     */
    public record Entry(
            String app,
            Instant firstSeen,
            Instant lastProbed,
            boolean everHealthy,
            int failures,
            Optional<Instant> failingSince) {}

    /** The server was asked to replace {@code instance}, at that time the last time. */
    public record Asked(String instance, Instant at) {}

    /** This book without the note that a replacement was asked for: the server refused. */
    public Book withoutAsked(String app) {
        SortedMap<String, Asked> rest = new TreeMap<>(asked);
        rest.remove(app);
        return new Book(entries, rest);
    }
}
