package io.dinp.common.rpc;

import com.fasterxml.jackson.databind.JsonNode;

/** A method of an {@link RpcServer}. */
@FunctionalInterface
public interface RpcMethod {
    /**
     * Answers one call; the value is written as JSON. Go's codec sends one parameter, ours may send more.
     *
     * @throws Exception whose message is the error that the caller reads
     */
    Object call(JsonNode params) throws Exception;
}
