package io.dinp.uic.sso;

import io.dinp.uic.core.Account;
import io.dinp.uic.user.UserService;
import io.dinp.web.Store;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * All SQL about sessions. A service's session goes through three states: lent (nobody's, 5 minutes), signed (a user's,
 * with a ticket for 60 s, good for nothing yet) and attached. Only whoever brings the ticket together with the sig
 * attaches it, so a sig that a stranger has put into a link never becomes the victim's session.
 */
public final class SessionService {
    private static final Duration LENT = Duration.ofMinutes(5);
    private static final Duration TICKET = Duration.ofSeconds(60);
    private static final int SERVICE = 1;
    private static final int OWN = 2;
    private static final int SECRET_BYTES = 16;

    private final Store store;
    private final Clock clock;
    private final Duration lifetime;
    private final SecureRandom random = new SecureRandom();

    /** @param lifetime of a signed-on session */
    public SessionService(Store store, Clock clock, Duration lifetime) {
        this.store = store;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** Lends a sig to a service. */
    public String lend() {
        return insert(0, 0, LENT);
    }

    /** Signs {@code sig} for a user and gives the ticket; empty when the sig is unknown, too old or in use. */
    public Optional<String> sign(String sig, int userId) {
        String ticket = secret();
        int signed = store.write(sql -> sql.change(
                "update session set uid = ?, ticket = ?, expired = ? where sig = ? and attached = 0 and expired > ?",
                userId,
                digest(ticket),
                after(TICKET),
                sig,
                now()));
        return signed == 1 ? Optional.of(ticket) : Optional.empty();
    }

    /** Turns a signed sig into a session, once; false when ticket and sig do not belong together or are too old. */
    public boolean attach(String sig, String ticket) {
        return store.write(sql -> sql.change(
                        "update session set attached = 1, ticket = '', expired = ?"
                                + " where sig = ? and ticket = ? and attached = 0 and uid > 0 and expired > ?",
                        after(lifetime),
                        sig,
                        digest(ticket),
                        now()))
                == 1;
    }

    /** The user signed on to a service under {@code sig}. */
    public Optional<Account> serviceUser(String sig) {
        return user(sig, SERVICE);
    }

    /** The user signed in to uic itself under the cookie {@code session}. */
    public Optional<Account> ownUser(String session) {
        return user(session, OWN);
    }

    /** Opens a session at uic itself, always under a new name. */
    public String open(int userId) {
        return insert(userId, OWN, lifetime);
    }

    /** Ends all sessions of a user, everywhere. */
    public void endAll(int userId) {
        store.write(sql -> sql.change("delete from session where uid = ?", userId));
    }

    /** Deletes what is over. */
    public void purge() {
        store.write(sql -> sql.change("delete from session where expired <= ?", now()));
    }

    /** Unguessable text for a cookie, 32 characters. */
    public String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private Optional<Account> user(String sig, int kind) {
        return store.read(sql -> sql.first(
                "select u.id, u.name, u.cnname, u.email, u.phone, u.im, u.qq, u.role"
                        + " from session s join user u on u.id = s.uid"
                        + " where s.sig = ? and s.attached = ? and s.expired > ? and u.role >= 0",
                UserService::account,
                sig,
                kind,
                now()));
    }

    private String insert(int userId, int attached, Duration life) {
        String sig = secret();
        store.write(sql -> sql.change(
                "insert into session (uid, sig, expired, attached, created) values (?, ?, ?, ?, ?)",
                userId,
                sig,
                after(life),
                attached,
                clock.millis()));
        return sig;
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private long after(Duration life) {
        return now() + life.toSeconds();
    }

    private static String digest(String ticket) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(ticket.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
