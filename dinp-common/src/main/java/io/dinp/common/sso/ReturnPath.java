package io.dinp.common.sso;

/** Keeps the {@code next} parameter of a sign-on inside the service, so that it is no open redirect. */
public final class ReturnPath {
    private static final int LONGEST = 1024;

    private ReturnPath() {}

    /** {@code next} when it is a path of this service, else {@code /}. */
    public static String safe(String next) {
        boolean local = next != null
                && next.length() <= LONGEST
                && next.startsWith("/")
                && !next.startsWith("//")
                && next.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\');
        return local ? next : "/";
    }
}
