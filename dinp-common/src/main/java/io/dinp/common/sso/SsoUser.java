package io.dinp.common.sso;

/**
 * The person behind a signed-on session, as uic tells it; it exists so that services decide rights without asking uic
 * twice.
 *
 * @param id uic's row id, never reused
 * @param name the login name, unique
 * @param cnname the name to show, may be empty
 * @param email may be empty
 * @param role -1 blocked, 0 normal, 1 admin, 2 root
 */
public record SsoUser(int id, String name, String cnname, String email, int role) {
    private static final int BLOCKED = -1;
    private static final int ADMIN = 1;
    private static final int ROOT = 2;

    public SsoUser {
        cnname = cnname == null ? "" : cnname;
        email = email == null ? "" : email;
    }

    /** Whether this user may see and change what others own; root may too. */
    public boolean isAdmin() {
        return role >= ADMIN;
    }

    /** Whether this user may also administer administrators. */
    public boolean isRoot() {
        return role == ROOT;
    }

    /** Whether this user was shut out; a blocked user is treated as not signed on. */
    public boolean isBlocked() {
        return role == BLOCKED;
    }
}
