package io.dinp.dash.node;

/**
 * What the server told, or in a sentence for the page why it told nothing: a page about it is shown all the same.
 *
 * @param away empty when it answered
 * @param what null when it did not
 * @param isUnknown whether it answered that there is no such thing
 */
public record Told<T>(String away, T what, boolean isUnknown) {

    Told(T what) {
        this("", what, false);
    }

    static <T> Told<T> nothing(String why) {
        return new Told<>(why, null, false);
    }

    static <T> Told<T> unknown(String why) {
        return new Told<>(why, null, true);
    }

    /** What it told, or {@code otherwise}. */
    public T or(T otherwise) {
        return what == null ? otherwise : what;
    }

    /** Whether there is something to show. */
    public boolean isKnown() {
        return what != null;
    }
}
