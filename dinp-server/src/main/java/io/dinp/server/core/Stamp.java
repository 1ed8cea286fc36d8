package io.dinp.server.core;

/** When a change of a route was written: the table's version it made, and the time in epoch ms. */
public record Stamp(long version, long at) {}
