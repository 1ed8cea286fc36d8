/** Facts about the machine, read from its kernel. */
package io.dinp.agent.node;
