/**
 * The machine under test: a bridge, two engines in network namespaces, MySQL, Redis and a registry as containers, and the seven
 * daemons as processes from their archives. Only names, ports and addresses of its own, so that an installation beside it is
 * not disturbed.
 */
package io.dinp.e2e.bed;
