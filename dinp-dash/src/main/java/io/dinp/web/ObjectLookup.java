package io.dinp.web;

import java.util.Optional;

/** Finds the object of one kind that an action works on, for the user who asks: the place of ownership rules. */
@FunctionalInterface
public interface ObjectLookup {
    /** The object, empty when it does not exist or the visitor may not know of it. */
    Optional<?> find(int id, Visitor visitor);
}
