/** What a router decides, without sockets, clocks or chance: the table, the choice of an endpoint, what an app is told of its client. */
package io.dinp.router.core;
