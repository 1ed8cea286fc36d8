/** What every daemon's life has in common: options, ordered start, reverse stop with a deadline, health, loops. */
package io.dinp.common.daemon;
