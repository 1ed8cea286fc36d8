package io.dinp.server.redis;

import io.dinp.common.model.RouterLease;
import io.dinp.server.core.RouteChange;
import io.dinp.server.core.RouteTable;
import java.util.Map;
import java.util.Set;

/**
 * The route table where the routers read it: in Redis, or simulated.
 *
 * <p>Every method may throw {@link redis.clients.jedis.exceptions.JedisException} within about a second; after a failed
 * write the outcome is unknown, and the table must be read again.
 */
public interface Routes {

    /**
     * What Redis says of itself: as long as it says the same, it holds the same.
     *
     * @param epoch changes when it has lost its data, "" when there is none
     * @param version raised with every write, 0 when there is none: with an epoch, somebody has {@link #withdraw withdrawn} it
     */
    record Mark(String epoch, long version) {}

    /** What a full read found. */
    record Found(Mark mark, RouteTable table) {}

    /** The outcome of a write. */
    sealed interface Written {
        /** The change is there, and this is what Redis says of itself now. */
        record Done(Mark mark) implements Written {}

        /** Nothing was written: Redis is not what it was. */
        record Refused() implements Written {}
    }

    /** What Redis says of itself now. */
    Mark mark();

    /** Reads the whole table. */
    Found read();

    /**
     * Writes a change set, which may be empty, as one new version.
     *
     * @param expected what the change was computed for; nothing is written on anything else
     * @param newEpoch gives Redis another epoch, so that every router reads everything; it gets its first one in any case
     */
    Written write(RouteChange change, Mark expected, boolean newEpoch);

    /**
     * Takes back what Redis says of itself, because it was put back to an earlier state: no router believes its table until another
     * epoch is written.
     *
     * @param expected what was found; of anything else nothing is taken back
     * @return the mark without a version, for which the next write has to be
     */
    Written withdraw(Mark expected);

    /** Ids of the routers that hold a lease now. */
    Set<String> routers();

    /** The leases of some routers by id; those that hold none are left out. */
    Map<String, RouterLease> leases(Set<String> ids);
}
