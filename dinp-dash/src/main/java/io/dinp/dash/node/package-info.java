/** What only the server knows: instances and nodes. */
package io.dinp.dash.node;
