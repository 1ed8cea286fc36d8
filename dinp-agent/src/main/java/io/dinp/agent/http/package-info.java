/** The API through which the server gives its orders. */
package io.dinp.agent.http;
