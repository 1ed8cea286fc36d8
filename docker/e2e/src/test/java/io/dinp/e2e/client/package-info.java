/** What people and tools use to look at DINP from outside: browser-like HTTP, the {@code mysql} client's SQL, Redis' protocol. */
package io.dinp.e2e.client;
