package io.dinp.server.mysql;

/** Texts of any length for columns that have one. */
final class Texts {

    /** Length of every column with a reason, in characters. */
    static final int MAX_REASON = 1024;

    private Texts() {}

    static String cut(String text, int length) {
        return text.length() > length ? text.substring(0, length) : text;
    }
}
