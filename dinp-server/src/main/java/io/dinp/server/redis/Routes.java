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

    /** What a full read found. */
    record Found(String epoch, long version, RouteTable table) {}

    /** The outcome of a write. */
    sealed interface Written {
        /** The change is there, as this version of this epoch. */
        record Version(String epoch, long version) implements Written {}

        /** Nothing was written: Redis is not what it was. */
        record OtherEpoch() implements Written {}
    }

    /** The epoch that is there now, "" when there is none. */
    String epoch();

    /** Reads the whole table. */
    Found read();

    /**
     * Writes a change set as one new version.
     *
     * @param expectedEpoch the epoch that the change was computed for; "" sets a new one together with the change
     */
    Written write(RouteChange change, String expectedEpoch);

    /** Ids of the routers that hold a lease now. */
    Set<String> routers();

    /** The leases of some routers by id; those that hold none are left out. */
    Map<String, RouterLease> leases(Set<String> ids);
}
