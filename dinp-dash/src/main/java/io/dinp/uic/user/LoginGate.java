package io.dinp.uic.user;

import io.dinp.common.metrics.Metrics;
import io.dinp.uic.core.Account;
import io.dinp.uic.core.LoginLimiter;
import io.dinp.web.Refusal;
import io.prometheus.metrics.core.metrics.Counter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The way in: limits the failures for each name and for each address, and the new accounts from one address. */
public final class LoginGate {
    private static final Counter SIGN_INS = Metrics.counter(
            "dinp_uic_sign_ins_total", "Passwords checked: accepted, wrong, or limited after too many.", "result");

    static {
        SIGN_INS.initLabelValues("accepted");
        SIGN_INS.initLabelValues("wrong");
        SIGN_INS.initLabelValues("limited");
    }

    private static final int TOO_MANY = 429;
    private static final int KEYS = 10_000;
    private static final int PER_NAME = 10;
    private static final int PER_ADDRESS = 50;
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final UserService users;
    private final LongSupplier nanos;
    private final LoginLimiter names = new LoginLimiter(PER_NAME, WINDOW, KEYS);
    private final LoginLimiter addresses = new LoginLimiter(PER_ADDRESS, WINDOW, KEYS);

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
        String key = UserService.nameKey(name);
        long now = nanos.getAsLong();
        if (!names.allows(key, now) || !addresses.allows(address, now)) {
            SIGN_INS.labelValues("limited").inc();
            throw tooMany();
        }
        Optional<Account> account = users.authenticate(name, password);
        if (account.isEmpty()) {
            names.failed(key, now);
            addresses.failed(address, now);
            SIGN_INS.labelValues("wrong").inc();
            throw Refusal.forbidden("Name or password is wrong.");
        }
        names.succeeded(key);
        SIGN_INS.labelValues("accepted").inc();
        return account.get();
    }

    /**
     * Makes an account for a stranger and gives its id; each counts as a failure of his address.
     *
     * @throws Refusal when the name is taken, or after too many from there
     */
    public int register(UserValidator.NewUser user, String address) {
        long now = nanos.getAsLong();
        if (!addresses.allows(address, now)) {
            throw tooMany();
        }
        addresses.failed(address, now);
        return users.create(user, Account.NORMAL, 0);
    }

    private static Refusal tooMany() {
        return new Refusal(TOO_MANY, "Too many attempts. Wait " + WINDOW.toMinutes() + " minutes.");
    }
}
