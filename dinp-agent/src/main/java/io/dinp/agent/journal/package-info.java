/** The agent's memory on disk: orders, port leases, the node's identity. */
package io.dinp.agent.journal;
