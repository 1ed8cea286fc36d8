package io.dinp.web;

/** The HTTP methods in use; GET never changes anything, POST always needs the CSRF token. */
public enum Verb {
    GET,
    POST
}
