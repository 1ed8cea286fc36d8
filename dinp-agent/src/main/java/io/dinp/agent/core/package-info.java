/** What the agent decides: pure functions and plain state, without I/O, clock or chance. */
package io.dinp.agent.core;
