package io.dinp.server.core;

/**
 * That an instance is to be replaced: the health monitor's judgement that it is sick, which must be repeated to stay, or the
 * wish of a person, who asks once.
 *
 * @param since epoch ms of the first of an unbroken row of verdicts
 * @param expires epoch ms
 * @param asked whether a person has asked for it: the instance is well, so it fails no deploy and goes only for another one
 */
public record Verdict(String instance, String app, String reason, long since, long expires, boolean asked) {}
