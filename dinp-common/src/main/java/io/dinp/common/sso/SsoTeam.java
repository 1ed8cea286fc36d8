package io.dinp.common.sso;

/**
 * A team that a user belongs to: what it owns is visible to all of its members.
 *
 * @param id uic's row id
 * @param name unique
 */
public record SsoTeam(int id, String name) {}
