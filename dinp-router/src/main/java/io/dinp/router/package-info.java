/** The HTTP router: {@link io.dinp.router.RouterMain} wires, {@link io.dinp.router.RouterLoop} keeps the table in step with Redis. */
package io.dinp.router;
