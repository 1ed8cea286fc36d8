package io.dinp.uic.user;

import io.dinp.uic.core.Account;
import io.dinp.uic.user.UserValidator.NewUser;
import io.dinp.uic.user.UserValidator.Profile;
import io.dinp.web.Refusal;
import io.dinp.web.Sql;
import io.dinp.web.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** All SQL about users. Whatever takes rights away also ends the user's sessions. */
public final class UserService {
    private static final String COLUMNS = "u.id, u.name, u.cnname, u.email, u.phone, u.im, u.qq, u.role";
    private static final String SELECT = "select " + COLUMNS + " from user u ";
    private static final String END_SESSIONS = "delete from session where uid = ?";
    /** Most users that one page lists. */
    public static final int MOST_LISTED = 500;

    private static final int MOST_FOUND = 20;

    private final Store store;
    private final Passwords passwords;

    public UserService(Store store, Passwords passwords) {
        this.store = store;
        this.passwords = passwords;
    }

    /** The first users by name whose name or shown name contains {@code text}, for choosing one. */
    public List<Account> search(String text) {
        return search(text, MOST_FOUND);
    }

    /** Like {@link #search(String)}, for those who administer them: up to {@value #MOST_LISTED}. */
    public List<Account> list(String text) {
        return search(text, MOST_LISTED);
    }

    private List<Account> search(String text, int most) {
        String like = Sql.containing(text);
        return store.read(sql -> sql.list(
                SELECT + "where u.name like ? or u.cnname like ? order by u.name limit " + most,
                UserService::account,
                like,
                like));
    }

    public Optional<Account> find(int id) {
        return store.read(sql -> sql.first(SELECT + "where u.id = ?", UserService::account, id));
    }

    /**
     * The account when name and password are right and it is not blocked; an md5 of the original is replaced by bcrypt
     * then.
     */
    public Optional<Account> authenticate(String name, String password) {
        record Login(Account account, String hash) {}
        Optional<Login> found = store.read(sql -> sql.first(
                        "select " + COLUMNS + ", u.passwd from user u where u.name = ?",
                        r -> new Login(account(r), r.getString("passwd")),
                        name))
                .filter(login -> nameKey(login.account().name()).equals(nameKey(name)));
        Passwords.Verdict verdict =
                passwords.check(password, found.map(Login::hash).orElse(null));
        if (verdict == Passwords.Verdict.WRONG
                || found.isEmpty()
                || found.get().account().role() < Account.NORMAL) {
            return Optional.empty();
        }
        Account account = found.get().account();
        if (verdict == Passwords.Verdict.RIGHT_BUT_OLD) {
            String hash = passwords.hash(password);
            store.write(sql -> sql.change(
                    "update user set passwd = ? where id = ? and passwd = ?",
                    hash,
                    account.id(),
                    found.get().hash()));
        }
        return Optional.of(account);
    }

    /**
     * Creates an account and gives its id.
     *
     * @param creator user id, 0 for nobody
     */
    public int create(NewUser user, int role, int creator) {
        String hash = passwords.hash(user.password());
        return store.write(sql -> {
            try {
                return insert(sql, user, hash, role, creator);
            } catch (SQLIntegrityConstraintViolationException e) {
                throw Refusal.conflict("a user named '" + user.name() + "' exists already: choose another name");
            }
        });
    }

    /** Changes what a user says of himself. */
    public void edit(int id, Profile profile) {
        store.write(sql -> sql.change(
                "update user set cnname = ?, email = ?, phone = ?, im = ?, qq = ? where id = ?",
                profile.cnname(),
                profile.email(),
                profile.phone(),
                profile.im(),
                profile.qq(),
                id));
    }

    /** Sets a password and ends all sessions of the user, so that whoever knew the old one is out. */
    public void setPassword(int id, String password) {
        String hash = passwords.hash(password);
        store.write(sql -> {
            sql.change("update user set passwd = ? where id = ?", hash, id);
            return sql.change(END_SESSIONS, id);
        });
    }

    /** Gives {@code user} another role, or blocks him; he must sign in again, unless the role is the one he has. */
    public void setRole(Account user, int role, Account actor) {
        if (!actor.mayAdminister(user) || !actor.mayGrant(role)) {
            throw Refusal.forbidden("you may not give '" + user.name() + "' that role");
        }
        store.write(sql -> {
            int changed = sql.change("update user set role = ? where id = ? and role <> ?", role, user.id(), role);
            return changed == 0 ? 0 : sql.change(END_SESSIONS, user.id());
        });
    }

    /** A login name as it counts: case does not. MySQL's collation alone would take accents for nothing, too. */
    static String nameKey(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Whether {@code name} is taken. */
    public boolean exists(String name) {
        return store.read(sql -> sql.first("select 1 from user where name = ?", r -> 1, name))
                .isPresent();
    }

    /** Reads the columns of an account, however they were joined. */
    public static Account account(ResultSet row) throws SQLException {
        return new Account(
                row.getInt("id"),
                row.getString("name"),
                text(row, "cnname"),
                text(row, "email"),
                text(row, "phone"),
                text(row, "im"),
                text(row, "qq"),
                row.getInt("role"));
    }

    private static int insert(Sql sql, NewUser user, String hash, int role, int creator) throws SQLException {
        return sql.insert(
                "insert into user (name, passwd, cnname, email, role, creator) values (?, ?, ?, ?, ?, ?)",
                user.name(),
                hash,
                user.cnname(),
                user.email(),
                role,
                creator);
    }

    private static String text(ResultSet row, String column) throws SQLException {
        String value = row.getString(column);
        return value == null ? "" : value;
    }
}
