/** Heartbeats to the servers. */
package io.dinp.agent.rpc;
