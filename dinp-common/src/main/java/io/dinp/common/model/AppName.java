package io.dinp.common.model;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An app's name, which is also the first label of its host name.
 *
 * <p>Two rules: rows of the original may hold capitals and underscores and are served; new apps follow RFC 1123 labels.
 */
public record AppName(String value) {
    private static final int LONGEST = 64;
    private static final Pattern NEW = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public AppName {
        if (!isServed(value)) {
            throw new IllegalArgumentException(
                    "app name '" + value + "': use 1 to 64 letters, digits, hyphens or underscores");
        }
    }

    /** Whether a name is one that the original allowed; asked for each app in each plan. */
    public static boolean isServed(String value) {
        if (value == null || value.isEmpty() || value.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
                return false;
            }
        }
        return true;
    }

    /** A name as the original allowed it. */
    public static AppName of(String value) {
        return new AppName(value);
    }

    /** A name for a new app: a host label. */
    public static AppName ofNew(String value) {
        if (value == null || !NEW.matcher(value).matches()) {
            throw new IllegalArgumentException("app name '" + value
                    + "': use 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end");
        }
        return new AppName(value);
    }

    /** The label under the platform's domain. */
    public String hostLabel() {
        return value.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return value;
    }
}
