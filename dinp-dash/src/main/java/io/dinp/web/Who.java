package io.dinp.web;

/** Who may call an action. */
public enum Who {
    /** Everybody, signed in or not. */
    ANYONE,
    /** Other daemons, by the shared token in the parameter {@code token}. */
    SERVICE,
    /** A signed-in user. */
    USER,
    /** A signed-in administrator. */
    ADMIN
}
