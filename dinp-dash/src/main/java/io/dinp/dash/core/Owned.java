package io.dinp.dash.core;

/** What belongs to its creator and is shared with one team. */
public interface Owned {
    int creator();

    /** 0 when shared with nobody. */
    int teamId();
}
