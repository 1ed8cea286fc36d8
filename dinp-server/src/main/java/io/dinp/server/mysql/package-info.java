/** The desired state and the control plane's own facts in MySQL. */
package io.dinp.server.mysql;
