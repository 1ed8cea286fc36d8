package io.dinp.server.core;

/**
 * The health monitor's judgement that an instance is sick; it must be repeated to stay.
 *
 * @param since epoch ms of the first of an unbroken row of verdicts
 * @param expires epoch ms
 */
public record Verdict(String instance, String app, String reason, long since, long expires) {}
