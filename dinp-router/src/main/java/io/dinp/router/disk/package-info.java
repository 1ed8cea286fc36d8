/** What outlives a router: the last table, for a start without Redis. */
package io.dinp.router.disk;
