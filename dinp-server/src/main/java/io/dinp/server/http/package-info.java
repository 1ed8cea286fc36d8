/** The server's HTTP API: what runs, why, and the few wishes it takes. */
package io.dinp.server.http;
