/** The few mutable objects of the server, each with one lock: what the nodes and routers have told. */
package io.dinp.server.state;
