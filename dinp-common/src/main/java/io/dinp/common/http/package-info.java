/** HTTP between daemons: a small server for APIs and status ports, and a JSON client. */
package io.dinp.common.http;
