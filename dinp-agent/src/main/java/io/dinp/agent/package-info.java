/** The agent: the only process on a node that talks to Docker. Read {@link io.dinp.agent.AgentMain}, then the loop, then core. */
package io.dinp.agent;
