/** The control plane: {@link io.dinp.server.ServerMain} wires, {@link io.dinp.server.ServerLoop} ticks, core decides. */
package io.dinp.server;
