/** The heartbeats of the nodes. */
package io.dinp.server.rpc;
