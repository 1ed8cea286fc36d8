package io.dinp.uic.team;

import io.dinp.uic.core.Account;
import io.dinp.uic.core.Team;
import io.dinp.uic.user.UserService;
import io.dinp.web.BadInput;
import io.dinp.web.Refusal;
import io.dinp.web.Sql;
import io.dinp.web.Store;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All SQL about teams and who is in them. */
public final class TeamService {
    private static final int MOST_FOUND = 20;

    // One row a member: group_concat would cut the list, and the form that shows it would save it so.
    private static final String SELECT = "select t.id, t.name, t.resume, t.creator, u.name as member from team t"
            + " left join rel_team_user r on r.tid = t.id left join user u on u.id = r.uid ";

    private final Store store;

    public TeamService(Store store) {
        this.store = store;
    }

    /** The teams that a user is in. */
    public List<Team> of(int userId) {
        return list("where t.id in (select tid from rel_team_user where uid = ?)", userId);
    }

    /** The teams that a user is in or runs. */
    public List<Team> visibleTo(int userId) {
        return list("where t.creator = ? or t.id in (select tid from rel_team_user where uid = ?)", userId, userId);
    }

    /** All teams. */
    public List<Team> all() {
        return list("");
    }

    /** The first teams by name whose name contains {@code text}, for choosing one. */
    public List<Team> search(String text) {
        return list("where t.name like ?", Sql.containing(text)).stream()
                .limit(MOST_FOUND)
                .toList();
    }

    public Optional<Team> find(int id) {
        return list("where t.id = ?", id).stream().findFirst();
    }

    /** The members of the team {@code name}. */
    public List<Account> members(String name) {
        return store.read(sql -> sql.list(
                "select u.id, u.name, u.cnname, u.email, u.phone, u.im, u.qq, u.role from user u"
                        + " join rel_team_user r on r.uid = u.id join team t on t.id = r.tid"
                        + " where t.name = ? order by u.name",
                UserService::account,
                name));
    }

    /** Whether the user is in any of the teams, all by name. */
    public boolean isIn(String userName, String teams) {
        return Arrays.stream(teams.split(","))
                .map(String::strip)
                .flatMap(team -> members(team).stream())
                .anyMatch(member -> member.name().equals(userName));
    }

    /** Creates a team with its creator in it, and gives its id. */
    public int create(String name, String resume, String members, int creator) {
        return store.write(sql -> {
            Set<Integer> ids = idsOf(sql, members);
            ids.add(creator);
            int id = insert(sql, name, resume, creator);
            addAll(sql, id, ids);
            return id;
        });
    }

    /** Changes what the team is about and who is in it. */
    public void edit(Team team, String resume, String members) {
        store.write(sql -> {
            Set<Integer> ids = idsOf(sql, members);
            sql.change("update team set resume = ? where id = ?", resume, team.id());
            sql.change("delete from rel_team_user where tid = ?", team.id());
            addAll(sql, team.id(), ids);
            return null;
        });
    }

    private List<Team> list(String where, Object... values) {
        String select = SELECT + where + " order by t.name, u.name";
        Map<Integer, Team> teams = new LinkedHashMap<>();
        store.read(sql -> sql.list(select, TeamService::team, values))
                .forEach(team -> teams.merge(team.id(), team, Team::with));
        return List.copyOf(teams.values());
    }

    private static int insert(Sql sql, String name, String resume, int creator) throws SQLException {
        try {
            return sql.insert("insert into team (name, resume, creator) values (?, ?, ?)", name, resume, creator);
        } catch (SQLIntegrityConstraintViolationException e) {
            throw Refusal.conflict("a team named '" + name + "' exists already: choose another name");
        }
    }

    private static void addAll(Sql sql, int team, Set<Integer> users) throws SQLException {
        for (int user : users) {
            sql.change("insert into rel_team_user (tid, uid) values (?, ?)", team, user);
        }
    }

    private static Set<Integer> idsOf(Sql sql, String members) throws SQLException {
        List<String> names = Arrays.stream(members.split("[\\s,]+"))
                .filter(n -> !n.isEmpty())
                .distinct()
                .toList();
        if (names.isEmpty()) {
            return new LinkedHashSet<>();
        }
        String marks = String.join(", ", Collections.nCopies(names.size(), "?"));
        Set<Integer> ids = new LinkedHashSet<>(
                sql.list("select id from user where name in (" + marks + ")", r -> r.getInt(1), names.toArray()));
        if (ids.size() != names.size()) {
            throw new BadInput(Map.of("members", "not all of these are users: " + String.join(" ", names)));
        }
        return ids;
    }

    private static Team team(ResultSet row) throws SQLException {
        String resume = row.getString("resume");
        String member = row.getString("member");
        return new Team(
                row.getInt("id"),
                row.getString("name"),
                resume == null ? "" : resume,
                row.getInt("creator"),
                member == null ? "" : member);
    }
}
