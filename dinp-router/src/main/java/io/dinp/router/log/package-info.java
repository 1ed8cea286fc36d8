/** The access log: lines are handed over on the event loops and written elsewhere. */
package io.dinp.router.log;
