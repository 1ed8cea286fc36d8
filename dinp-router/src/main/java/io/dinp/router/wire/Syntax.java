package io.dinp.router.wire;

/** Character classes of RFC 9110 section 5.6 and RFC 3986, as tables. */
final class Syntax {
    static final byte CR = '\r';
    static final byte LF = '\n';

    private static final boolean[] TOKEN = tableOf("!#$%&'*+-.^_`|~", true);
    private static final boolean[] HOST = tableOf("-._", true);

    private Syntax() {}

    private static boolean[] tableOf(String others, boolean alphanumeric) {
        boolean[] table = new boolean[256];
        for (int c = 0; c < 128; c++) {
            boolean alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            table[c] = (alphanumeric && alnum) || others.indexOf(c) >= 0;
        }
        return table;
    }

    static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    /** A letter, digit, hyphen, dot or underscore: what a host name of ours consists of. */
    static boolean isHostChar(byte b) {
        return HOST[b & 0xff];
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** Visible, blank, tab or obs-text: all that a field value may hold. */
    static boolean isFieldValue(byte b) {
        return (b >= 0x20 && b != 0x7f) || b < 0 || b == '\t';
    }

    static boolean isTarget(byte b) {
        return (b > 0x20 && b != 0x7f) || b < 0;
    }

    static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    static int hexValue(byte b) {
        if (isDigit(b)) {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    /** Whether the range holds the given lower-case ASCII text in any case. */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            byte b = bytes[from + i];
            if (b != lower[i] && (b < 'A' || b > 'Z' || b + 32 != lower[i])) {
                return false;
            }
        }
        return true;
    }
}
