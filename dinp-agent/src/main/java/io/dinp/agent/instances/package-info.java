/** The instances of the node: an order is a slot, and a slot's worker moves it on, one step at a time. */
package io.dinp.agent.instances;
