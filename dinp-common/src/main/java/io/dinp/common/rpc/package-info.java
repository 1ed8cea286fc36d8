/** JSON-RPC 1.0 objects on one TCP stream, as Go's {@code net/rpc/jsonrpc} speaks it. */
package io.dinp.common.rpc;
