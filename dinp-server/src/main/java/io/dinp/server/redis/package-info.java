/** The routes in Redis and what the routers say about them. */
package io.dinp.server.redis;
