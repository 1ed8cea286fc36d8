/** A load on the real server: what a thousand nodes would say to it, and what that costs. Programs, not tests. */
package io.dinp.server.bench;
