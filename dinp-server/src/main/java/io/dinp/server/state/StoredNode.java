package io.dinp.server.state;

import java.util.Map;

/** A node as MySQL knows it, so that a server that starts knows whom to wait for. */
public record StoredNode(
        String ip, String identity, int agentPort, String state, long lastSeen, Map<String, String> labels) {}
