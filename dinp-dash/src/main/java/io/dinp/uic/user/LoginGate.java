package io.dinp.uic.user;

import io.dinp.uic.core.Account;
import io.dinp.uic.core.LoginLimiter;
import io.dinp.web.Refusal;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;

/** The way in with a password: limits the failures for each name and for each address, and the hashing at a time. */
public final class LoginGate {
    private static final int TOO_MANY = 429;
    private static final int KEYS = 10_000;
    private static final int PER_NAME = 10;
    private static final int PER_ADDRESS = 50;
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int HASHING_AT_ONCE = 4;

    private final UserService users;
    private final LongSupplier nanos;
    private final LoginLimiter names = new LoginLimiter(PER_NAME, WINDOW, KEYS);
    private final LoginLimiter addresses = new LoginLimiter(PER_ADDRESS, WINDOW, KEYS);
    private final Semaphore hashing = new Semaphore(HASHING_AT_ONCE, true);

    /** @param nanos a clock such as {@code System::nanoTime} */
    public LoginGate(UserService users, LongSupplier nanos) {
        this.users = users;
        this.nanos = nanos;
    }

    /**
     * The account behind name and password.
     *
     * @throws Refusal in the same words for a wrong name and a wrong password, or after too many failures
     */
    public Account enter(String name, String password, String address) {
        String key = name.toLowerCase(Locale.ROOT);
        long now = nanos.getAsLong();
        if (!names.allows(key, now) || !addresses.allows(address, now)) {
            throw new Refusal(TOO_MANY, "Too many failed attempts. Wait " + WINDOW.toMinutes() + " minutes.");
        }
        Optional<Account> account = authenticate(name, password);
        if (account.isEmpty()) {
            names.failed(key, now);
            addresses.failed(address, now);
            throw Refusal.forbidden("Name or password is wrong.");
        }
        names.succeeded(key);
        return account.get();
    }

    private Optional<Account> authenticate(String name, String password) {
        hashing.acquireUninterruptibly();
        try {
            return users.authenticate(name, password);
        } finally {
            hashing.release();
        }
    }
}
