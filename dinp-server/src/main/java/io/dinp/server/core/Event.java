package io.dinp.server.core;

/** A change of state with its reason, for people: it becomes a row, a log line and the answer to "why". */
public record Event(long at, String kind, String app, String instance, String node, String reason) {}
