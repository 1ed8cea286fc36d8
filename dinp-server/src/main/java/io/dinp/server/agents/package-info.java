/** The way to the agents of the nodes. */
package io.dinp.server.agents;
