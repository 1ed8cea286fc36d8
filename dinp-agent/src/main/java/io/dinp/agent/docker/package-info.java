/** The one place of the agent that speaks with the engine; docker-java's types and exceptions end here. */
package io.dinp.agent.docker;
