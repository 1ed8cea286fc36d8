package io.dinp.web;

/** How a daemon knows its visitors: dash asks uic, uic its own table. */
public interface Identity {
    /** Who sends the request; never null. */
    Visitor visitor(PageController request);

    /** Sends a browser that is not signed in to where it can, and back afterwards. */
    void signIn(PageController request);
}
