package io.dinp.uic.user;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Passwords as the database keeps them: bcrypt, and for rows of the original plain md5, which is accepted once and then
 * replaced. Checking takes the same work for a wrong password, an old hash and a name that does not exist. Few are
 * hashed at a time, so that a flood of them leaves processors and workers to others.
 */
public final class Passwords {
    /** What bcrypt takes: it ignores what lies beyond. */
    public static final int MOST_BYTES = 72;

    private static final int COST = 10;
    private static final int AT_ONCE = 4;
    private static final Pattern MD5 = Pattern.compile("[0-9a-fA-F]{32}");

    /** What a check found. */
    public enum Verdict {
        WRONG,
        RIGHT,
        /** Right, and to be hashed anew. */
        RIGHT_BUT_OLD
    }

    private final Semaphore hashing = new Semaphore(AT_ONCE, true);
    private final int cost;
    private final String nobody;

    /** Passwords as installations keep them. */
    public Passwords() {
        this(COST);
    }

    /** @param cost bcrypt's: one more is twice the work; tests take the least */
    public Passwords(int cost) {
        this.cost = cost;
        this.nobody = hash("nobody has this password");
    }

    /** A new hash of {@code password}, at most {@link #MOST_BYTES} long. */
    public String hash(String password) {
        return oneOfFew(() -> BCrypt.withDefaults().hashToString(cost, password.toCharArray()));
    }

    /**
     * Checks. An md5 of a password that bcrypt cannot take whole stays valid as it is.
     *
     * @param stored what the database has, null for a name that does not exist
     */
    public Verdict check(String password, String stored) {
        boolean tooLong = password.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES;
        boolean old = stored != null && MD5.matcher(stored).matches();
        boolean bcrypt = stored != null && stored.startsWith("$2");
        char[] typed = (tooLong ? "" : password).toCharArray();
        boolean verified = oneOfFew(() -> BCrypt.verifyer().verify(typed, bcrypt ? stored : nobody).verified);
        if (old && sameMd5(password, stored)) {
            return tooLong ? Verdict.RIGHT : Verdict.RIGHT_BUT_OLD;
        }
        return bcrypt && verified && !tooLong ? Verdict.RIGHT : Verdict.WRONG;
    }

    private <T> T oneOfFew(Supplier<T> work) {
        hashing.acquireUninterruptibly();
        try {
            return work.get();
        } finally {
            hashing.release();
        }
    }

    private static boolean sameMd5(String password, String stored) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(password.getBytes(StandardCharsets.UTF_8));
            return MessageDigest.isEqual(digest, HexFormat.of().parseHex(stored));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
