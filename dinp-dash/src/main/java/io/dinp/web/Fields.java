package io.dinp.web;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Reads a form: each getter checks one field and notes what is wrong; {@link #verify} then throws it all at once. */
public final class Fields {
    private final Function<String, String> source;
    private final Map<String, String> errors = new LinkedHashMap<>();

    /** @param source gives the raw value of a field, null when it was not sent */
    public Fields(Function<String, String> source) {
        this.source = source;
    }

    /** Whether the form has the field at all, be it empty. */
    public boolean isSent(String field) {
        return source.apply(field) != null;
    }

    /** The trimmed text, empty when it was not sent; an error when longer than {@code longest} characters. */
    public String text(String field, int longest) {
        String raw = source.apply(field);
        String value = raw == null ? "" : raw.strip();
        if (value.length() > longest) {
            reject(field, field + " is longer than " + longest + " characters");
        }
        if (value.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t')) {
            reject(field, field + " contains control characters");
        }
        return value;
    }

    /** Like {@link #text}, an error when empty. */
    public String required(String field, int longest) {
        String value = text(field, longest);
        if (value.isEmpty()) {
            reject(field, field + " is missing");
        }
        return value;
    }

    /** A secret, taken as it is: spaces count. */
    public String verbatim(String field) {
        String raw = source.apply(field);
        return raw == null ? "" : raw;
    }

    /** A whole number within the limits; {@code absent} when it was not sent. */
    public int integer(String field, int absent, int min, int max) {
        String raw = text(field, 20);
        if (raw.isEmpty()) {
            return absent;
        }
        try {
            int value = Integer.parseInt(raw);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            return outside(field, absent, min, max, raw);
        }
        return outside(field, absent, min, max, raw);
    }

    /** A tick box. */
    public boolean flag(String field) {
        return !text(field, 5).isEmpty();
    }

    /** Notes an error of {@code field}; the first one of a field stays. */
    public void reject(String field, String message) {
        errors.putIfAbsent(field, message);
    }

    /** Takes over the message of a value that refused itself, such as {@code AppName.ofNew}. */
    public <T> T parsed(String field, Function<String, T> parse, T whenWrong) {
        try {
            return parse.apply(text(field, 1024));
        } catch (IllegalArgumentException e) {
            reject(field, e.getMessage());
            return whenWrong;
        }
    }

    /**
     * Ends the reading.
     *
     * @throws BadInput when any field was wrong
     */
    public void verify() {
        if (!errors.isEmpty()) {
            throw new BadInput(errors);
        }
    }

    private int outside(String field, int absent, int min, int max, String raw) {
        reject(field, field + " must be a whole number from " + min + " to " + max + ", not '" + raw + "'");
        return absent;
    }
}
