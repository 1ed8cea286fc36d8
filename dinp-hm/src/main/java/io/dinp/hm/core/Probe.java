package io.dinp.hm.core;

/**
 * What one instance answered in one round.
 *
 * @param instance the id that the server knows it by
 * @param address {@code ip:port} that was asked
 * @param finding what came back, for people
 */
public record Probe(String app, String instance, String address, boolean healthy, String finding) {}
