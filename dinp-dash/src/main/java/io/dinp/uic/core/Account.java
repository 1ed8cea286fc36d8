package io.dinp.uic.core;

/**
 * A row of the table {@code user} without its password.
 *
 * @param role -1 blocked, 0 normal, 1 admin, 2 root
 */
public record Account(int id, String name, String cnname, String email, String phone, String im, String qq, int role) {
    public static final int BLOCKED = -1;
    public static final int NORMAL = 0;
    public static final int ADMIN = 1;
    public static final int ROOT = 2;

    /** Whether this user administers others. */
    public boolean isAdmin() {
        return role >= ADMIN;
    }

    /** Root administers all but itself, an administrator those who are none. So somebody with rights always remains. */
    public boolean mayAdminister(Account other) {
        return id != other.id && (role == ROOT || (role == ADMIN && other.role < ADMIN));
    }

    /** Nobody hands out more than he has himself, and only root makes administrators. */
    public boolean mayGrant(int wanted) {
        return wanted >= BLOCKED && (role == ROOT ? wanted <= ROOT : role == ADMIN && wanted < ADMIN);
    }

    /** The role in words. */
    public String roleName() {
        return switch (role) {
            case BLOCKED -> "blocked";
            case ADMIN -> "admin";
            case ROOT -> "root";
            default -> "user";
        };
    }
}
