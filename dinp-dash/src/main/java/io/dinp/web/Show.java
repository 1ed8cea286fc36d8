package io.dinp.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Small texts that templates need; its public methods are callable from every page. */
public final class Show {
    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

    /** A moment in UTC to the minute, empty for the epoch itself. */
    public String moment(Instant at) {
        return at == null || at.toEpochMilli() == 0 ? "" : MINUTES.format(at) + " UTC";
    }

    /** The same of epoch millisecond {@code at}. */
    public String moment(long at) {
        return moment(Instant.ofEpochMilli(at));
    }

    /** How long ago epoch millisecond {@code at} was, in the one unit that matters. */
    public String ago(long at) {
        return at <= 0 ? "" : lasting(Duration.between(Instant.ofEpochMilli(at), Instant.now()));
    }

    /** How long until epoch millisecond {@code at}, empty when that has passed. */
    public String until(long at) {
        Duration left = Duration.between(Instant.now(), Instant.ofEpochMilli(at));
        return left.isNegative() ? "" : lasting(left);
    }

    /** What comes after the last slash of an image, the part that differs between versions. */
    public String brief(String image) {
        return image.substring(image.lastIndexOf('/') + 1);
    }

    /** Whether a list of a list has nothing; see {@code Pages} for why it is not asked itself. */
    public boolean none(List<?> list) {
        return list.isEmpty();
    }

    /** How many a list of a list has; asked here for the same reason. */
    public int count(List<?> list) {
        return list.size();
    }

    /** {@code text} as a value in a query. */
    public String urlencode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    static String lasting(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }
}
