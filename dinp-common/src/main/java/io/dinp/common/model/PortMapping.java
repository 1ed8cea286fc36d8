package io.dinp.common.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A published port, as the original's heartbeat writes it. The first of a container is the one bound to 8080. */
public record PortMapping(@JsonProperty("PublicPort") int publicPort) {}
