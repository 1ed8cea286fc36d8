package io.dinp.web;

import io.dinp.common.sso.SsoUser;

/**
 * Who sends a request.
 *
 * @param session what the browser's cookie says, empty without one; CSRF tokens belong to it
 * @param user null when not signed in
 */
public record Visitor(String session, SsoUser user) {
    /** Whether somebody is signed in. */
    public boolean isKnown() {
        return user != null;
    }
}
