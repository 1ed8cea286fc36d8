package io.dinp.server.core;

/** How far a node is trusted. */
public enum NodeStanding {
    /** It beats, its engine answers. */
    READY,
    /** A beat is missing or its engine does not answer: nothing is placed there, what it serves stays routed. */
    SUSPECT,
    /** Silent for so long that its instances are replaced. */
    LOST
}
