/** What an app, its environment, its domains and its history are, and who may see them; no I/O. */
package io.dinp.dash.core;
