/** The router's side of Redis: reads routes, hears of changes, acknowledges what is applied. */
package io.dinp.router.redis;
