package io.dinp.uic.core;

/**
 * A row of the table {@code team}.
 *
 * @param creator user id
 * @param members names, separated by spaces, for pages
 */
public record Team(int id, String name, String resume, int creator, String members) {

    /** What the team is for; templates may not call a method named like one of {@code Thread}. */
    public String purpose() {
        return resume;
    }

    /** This team with the members of {@code other}, too. */
    public Team with(Team other) {
        return new Team(id, name, resume, creator, members + " " + other.members);
    }

    /** A team is administered by its creator and by administrators. */
    public boolean isRunBy(int userId, boolean admin) {
        return admin || creator == userId;
    }
}
