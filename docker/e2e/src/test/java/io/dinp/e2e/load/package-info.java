/** The load that runs through every fault: open loop, so that a stalled router is seen as failed requests and not as fewer. */
package io.dinp.e2e.load;
