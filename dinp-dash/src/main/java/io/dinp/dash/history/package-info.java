/** What was deployed when, the source of every rollback. */
package io.dinp.dash.history;
