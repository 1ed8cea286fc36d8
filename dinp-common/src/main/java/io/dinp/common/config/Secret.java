package io.dinp.common.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A text that must not appear in logs, pages or printed settings. */
public record Secret(String value) {
    /** No secret at all. */
    public static final Secret NONE = new Secret("");

    public Secret {
        value = value == null ? "" : value;
    }

    /** Whether none is set. */
    public boolean isEmpty() {
        return value.isEmpty();
    }

    /** Compares in constant time; an empty secret matches nothing. */
    public boolean matches(String other) {
        return !isEmpty()
                && other != null
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return isEmpty() ? "" : "****";
    }
}
