/** Asks instances whether they are ready. */
package io.dinp.agent.probe;
