/** What a daemon counts, in Prometheus's text format. */
package io.dinp.common.metrics;
