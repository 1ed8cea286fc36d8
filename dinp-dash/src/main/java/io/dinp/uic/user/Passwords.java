package io.dinp.uic.user;

import at.favre.lib.crypto.bcrypt.BCrypt;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Passwords as the database keeps them: bcrypt, and for rows of the original plain md5, which is accepted once and then
 * replaced. Checking takes the same work for a wrong password, an old hash and a name that does not exist.
 */
public final class Passwords {
    /** What bcrypt takes: it ignores what lies beyond. */
    public static final int MOST_BYTES = 72;

    private static final int COST = 10;
    private static final Pattern MD5 = Pattern.compile("[0-9a-fA-F]{32}");

    /** What a check found. */
    public enum Verdict {
        WRONG,
        RIGHT,
        /** Right, and to be hashed anew. */
        RIGHT_BUT_OLD
    }

    private final String nobody = hash("nobody has this password");

    /** A new hash of {@code password}. */
    public String hash(String password) {
        return BCrypt.withDefaults().hashToString(COST, password.toCharArray());
    }

    /**
     * Checks.
     *
     * @param stored what the database has, null for a name that does not exist
     */
    public Verdict check(String password, String stored) {
        boolean tooLong = password.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES;
        boolean old = stored != null && MD5.matcher(stored).matches();
        boolean bcrypt = stored != null && stored.startsWith("$2");
        boolean verified =
                BCrypt.verifyer().verify((tooLong ? "" : password).toCharArray(), bcrypt ? stored : nobody).verified;
        if (old) {
            return sameMd5(password, stored) ? Verdict.RIGHT_BUT_OLD : Verdict.WRONG;
        }
        return bcrypt && verified && !tooLong ? Verdict.RIGHT : Verdict.WRONG;
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
