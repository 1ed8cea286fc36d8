package io.dinp.router.redis;

import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.JedisURIHelper;

/**
 * One connection to Redis for one thread, opened when it is needed and given up at the first failure.
 *
 * <p>A frozen Redis accepts connections and answers nothing, therefore every command is bounded.
 */
public final class RedisLink implements AutoCloseable {
    private final HostAndPort address;
    private final DefaultJedisClientConfig config;
    private Jedis jedis;

    /** @param timeout for the connect and for each answer */
    public RedisLink(URI uri, Duration timeout) {
        this.address = JedisURIHelper.getHostAndPort(uri);
        this.config = DefaultJedisClientConfig.builder()
                .connectionTimeoutMillis((int) timeout.toMillis())
                .socketTimeoutMillis((int) timeout.toMillis())
                .user(JedisURIHelper.getUser(uri))
                .password(JedisURIHelper.getPassword(uri))
                .database(JedisURIHelper.getDBIndex(uri))
                .clientName("dinp-router")
                .autoNegotiateProtocol(false)
                .build();
    }

    /** A connection of the caller's own, such as a subscription needs. */
    Jedis open() {
        return new Jedis(address, config);
    }

    /**
     * Does something with Redis.
     *
     * @throws redis.clients.jedis.exceptions.JedisException when Redis is away, frozen, or refuses; the next call connects anew
     */
    <T> T call(Function<Jedis, T> work) {
        boolean done = false;
        try {
            if (jedis == null) {
                jedis = open();
            }
            T result = work.apply(jedis);
            done = true;
            return result;
        } finally {
            if (!done) {
                close();
            }
        }
    }

    @Override
    public void close() {
        if (jedis != null) {
            jedis.close();
            jedis = null;
        }
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
