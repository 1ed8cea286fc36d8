package io.dinp.dash.sso;

/**
 * Where a browser goes after signing out.
 *
 * @param location uic's own page, which says so
 */
public record SignedOut(String location) {}
