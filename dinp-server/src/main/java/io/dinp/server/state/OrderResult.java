package io.dinp.server.state;

/** How sending an order ended. */
public sealed interface OrderResult {

    /** The agent has it in its journal. */
    record Accepted() implements OrderResult {}

    /** The agent did not take it: it was not reached, or it said no. */
    record Refused(String reason) implements OrderResult {}

    /** Nobody knows: the next reports of the node will tell. */
    record Unknown(String reason) implements OrderResult {}
}
