package io.dinp.server.core;

import java.util.SortedMap;

/**
 * What runs, as far as the server has been told, orders under way included.
 *
 * @param since epoch ms when this server began to listen
 * @param stored how many nodes MySQL knew when it began
 * @param nodes by address
 */
public record RealState(long since, int stored, SortedMap<String, NodeView> nodes) {}
