/**
 * HTTP/1.x on bytes: strict parsing of heads, framing of bodies, rewriting of heads (RFC 9110, 9112).
 *
 * <p>Nothing here knows of sockets, routes or threads; heads are {@code byte[]}, bodies stay in the buffers that they came in.
 */
package io.dinp.router.wire;
