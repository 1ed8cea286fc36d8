package io.dinp.uic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.db.Database;
import io.dinp.uic.core.Account;
import io.dinp.uic.core.Team;
import io.dinp.uic.sso.SessionService;
import io.dinp.uic.team.TeamService;
import io.dinp.uic.user.LoginGate;
import io.dinp.uic.user.Passwords;
import io.dinp.uic.user.UserService;
import io.dinp.uic.user.UserValidator.NewUser;
import io.dinp.web.BadInput;
import io.dinp.web.Refusal;
import io.dinp.web.Store;
import io.dinp.web.TestDatabase;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users, teams and sessions on a real MySQL, with a clock that the test turns. */
class UicServicesIT {
    private static final String MD5_OF_SECRET = "5ebe2294ecd0e0f08eab7690d2a6ee69";

    private static TestDatabase database;

    private final TestClock clock = new TestClock();
    private UserService users;
    private TeamService teams;
    private SessionService sessions;
    private Account ann;

    private static final class TestClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeAll
    static void migrate() throws SQLException {
        database = new TestDatabase();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        for (String table : List.of("user", "team", "rel_team_user", "session")) {
            database.run("delete from " + table);
        }
        users = new UserService(database.store(), new Passwords(4));
        teams = new TeamService(database.store());
        sessions = new SessionService(database.store(), clock, Duration.ofHours(1));
        ann = user("ann");
    }

    @Test
    void onlyTheTicketOfTheSigAttachesIt() {
        String victims = sessions.lend();
        String strangers = sessions.lend();
        String ticket = sessions.sign(strangers, ann.id()).orElseThrow();
        assertTrue(sessions.serviceUser(strangers).isEmpty(), "signed is not attached");
        assertFalse(sessions.attach(victims, ticket), "a ticket of another sig");
        assertFalse(sessions.attach(strangers, "guess"));
        assertTrue(sessions.attach(strangers, ticket));
        assertEquals("ann", sessions.serviceUser(strangers).orElseThrow().name());
        assertFalse(sessions.attach(strangers, ticket), "a ticket is good once");
        assertTrue(sessions.sign(strangers, ann.id()).isEmpty(), "an attached sig is not signed again");
    }

    @Test
    void aTicketLastsAMinuteAndALentSigFive() {
        String slow = sessions.lend();
        clock.pass(Duration.ofMinutes(5));
        assertTrue(sessions.sign(slow, ann.id()).isEmpty());
        String sig = sessions.lend();
        String ticket = sessions.sign(sig, ann.id()).orElseThrow();
        clock.pass(Duration.ofSeconds(60));
        assertFalse(sessions.attach(sig, ticket));
        sessions.purge();
        assertEquals("0", database.ask("select count(*) from session"));
    }

    @Test
    void aSessionEndsByTimeByBlockingAndByLogout() {
        String timed = attached();
        clock.pass(Duration.ofHours(1));
        assertTrue(sessions.serviceUser(timed).isEmpty());

        String ended = attached();
        String own = sessions.open(ann.id());
        sessions.endAll(ann.id());
        assertTrue(sessions.serviceUser(ended).isEmpty());
        assertTrue(sessions.ownUser(own).isEmpty());

        String blocked = attached();
        Account root = new Account(99, "root", "", "", "", "", "", Account.ROOT);
        users.setRole(ann, Account.BLOCKED, root);
        assertTrue(sessions.serviceUser(blocked).isEmpty());
        assertTrue(users.authenticate("ann", "password1").isEmpty());
    }

    @Test
    void uicsOwnSessionsAreNoServices() {
        String own = sessions.open(ann.id());
        assertTrue(sessions.serviceUser(own).isEmpty());
        assertTrue(sessions.ownUser(attached()).isEmpty());
    }

    @Test
    void theOriginalsMd5IsReplacedAtTheFirstSignIn() {
        database.run("insert into user (name, passwd) values ('old', ?)", MD5_OF_SECRET);
        assertTrue(users.authenticate("old", "wrong").isEmpty());
        assertEquals(MD5_OF_SECRET, database.ask("select passwd from user where name = 'old'"));
        assertTrue(users.authenticate("old", "secret").isPresent());
        assertTrue(database.ask("select passwd from user where name = 'old'").startsWith("$2"));
        assertTrue(users.authenticate("old", "secret").isPresent());
    }

    /** MySQL's collation takes accents for nothing: each spelling would have attempts of its own. */
    @Test
    void aNameHasOneSpellingButForItsCase() {
        assertTrue(users.authenticate("ANN", "password1").isPresent());
        assertTrue(users.authenticate("\u00e1nn", "password1").isEmpty());
    }

    @Test
    void anUnchangedRoleSignsNobodyOut() {
        Account root = account(Account.ROOT);
        String sig = attached();
        users.setRole(ann, Account.NORMAL, root);
        assertTrue(sessions.serviceUser(sig).isPresent());
        users.setRole(ann, Account.BLOCKED, root);
        assertTrue(sessions.serviceUser(sig).isEmpty());
    }

    @Test
    void guessingIsStopped() {
        LoginGate gate = new LoginGate(users, () -> 0);
        for (int i = 0; i < 10; i++) {
            assertEquals(
                    403,
                    assertThrows(Refusal.class, () -> gate.enter("ann", "guess", "a"))
                            .status());
        }
        assertEquals(
                429,
                assertThrows(Refusal.class, () -> gate.enter("ANN", "password1", "b"))
                        .status());
        assertEquals(
                "Name or password is wrong.",
                assertThrows(Refusal.class, () -> gate.enter("nobody", "guess", "a"))
                        .getMessage());
    }

    @Test
    void aNewPasswordEndsAllSessions() {
        String sig = attached();
        users.setPassword(ann.id(), "password2");
        assertTrue(sessions.serviceUser(sig).isEmpty());
        assertTrue(users.authenticate("ann", "password1").isEmpty());
        assertTrue(users.authenticate("ann", "password2").isPresent());
    }

    @Test
    void rolesAreGivenByThoseWhoHaveThem() {
        Account bob = user("bob");
        assertThrows(Refusal.class, () -> users.setRole(bob, Account.ADMIN, ann));
        assertEquals(Account.NORMAL, users.find(bob.id()).orElseThrow().role());
        assertThrows(Refusal.class, () -> user("bob"));
    }

    @Test
    void aTeamHasItsCreatorAndTheNamedMembers() {
        Account bob = user("bob");
        int id = teams.create("web", "the web shop", "bob, bob", ann.id());
        Team team = teams.find(id).orElseThrow();
        assertEquals("ann bob", team.members());
        assertEquals(List.of("web"), teams.of(bob.id()).stream().map(Team::name).toList());
        assertTrue(teams.isIn("bob", "other,web"));
        assertFalse(teams.isIn("bob", "other"));
        teams.edit(team, "shop", "ann");
        assertEquals(List.of(), teams.of(bob.id()));
        assertThrows(BadInput.class, () -> teams.edit(team, "shop", "ann nobody"));
        assertEquals("ann", teams.find(id).orElseThrow().members(), "a refused change changes nothing");
        assertThrows(Refusal.class, () -> teams.create("web", "", "", bob.id()));
    }

    /** MySQL cuts what {@code group_concat} gives at 1024 bytes, and a list cut short would be saved so. */
    @Test
    void aLargeTeamKeepsAllItsMembers() {
        List<String> names = IntStream.range(100, 130)
                .mapToObj(i -> "member-with-a-rather-long-name-of-number-" + i)
                .toList();
        names.forEach(name -> database.run("insert into user (name, passwd) values (?, '')", name));
        try (Database asByDefault = database.with("sessionVariables=group_concat_max_len=1024")) {
            TeamService service = new TeamService(new Store(asByDefault));
            int id = service.create("large", "", String.join(" ", names), ann.id());
            assertEquals(
                    "ann " + String.join(" ", names),
                    service.find(id).orElseThrow().members());
            assertEquals(
                    List.of("large"), service.all().stream().map(Team::name).toList());
        }
    }

    @Test
    void searchingTakesNoWildcards() {
        assertEquals(1, users.search("an").size());
        assertEquals(0, users.search("%").size());
        assertEquals(0, users.search("_").size());
        teams.create("web", "", "", ann.id());
        assertEquals(1, teams.search("e").size());
        assertEquals(0, teams.search("\\").size());
    }

    private String attached() {
        String sig = sessions.lend();
        assertTrue(sessions.attach(sig, sessions.sign(sig, ann.id()).orElseThrow()));
        return sig;
    }

    private static Account account(int role) {
        return new Account(0, "somebody", "", "", "", "", "", role);
    }

    private Account user(String name) {
        int id = users.create(new NewUser(name, "password1", "", ""), Account.NORMAL, 0);
        return users.find(id).orElseThrow();
    }
}
