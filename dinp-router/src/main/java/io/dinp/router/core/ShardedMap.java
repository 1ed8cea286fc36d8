package io.dinp.router.core;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * An immutable map in many small parts. The next one shares all parts that did not change, so that a change of one entry among 100 000
 * copies a hundred, and comparing two generations looks only at the parts that differ.
 */
public final class ShardedMap<K, V> {
    private static final int SHARDS = 1024;

    private final Map<K, V>[] shards;
    private final int size;

    private ShardedMap(Map<K, V>[] shards, int size) {
        this.shards = shards;
        this.size = size;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type cannot be made otherwise
    static <K, V> ShardedMap<K, V> empty() {
        Map<K, V>[] shards = new Map[SHARDS];
        Arrays.fill(shards, Map.of());
        return new ShardedMap<>(shards, 0);
    }

    private static int shard(Object key) {
        int hash = key.hashCode() * 0x9E3779B9; // String hashes of like names differ in few bits
        return hash >>> 22;
    }

    /** The value, or null. */
    public V get(K key) {
        return shards[shard(key)].get(key);
    }

    public boolean containsKey(K key) {
        return shards[shard(key)].containsKey(key);
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public void forEach(BiConsumer<? super K, ? super V> action) {
        for (Map<K, V> shard : shards) {
            shard.forEach(action);
        }
    }

    /** The keys whose values are not the same in both. */
    Set<K> differences(ShardedMap<K, V> other) {
        Set<K> keys = new HashSet<>();
        for (int i = 0; i < SHARDS; i++) {
            Map<K, V> mine = shards[i];
            Map<K, V> theirs = other.shards[i];
            if (mine != theirs) {
                mine.forEach((key, value) -> addUnlessEqual(keys, key, value, theirs));
                theirs.forEach((key, value) -> addUnlessEqual(keys, key, value, mine));
            }
        }
        return keys;
    }

    private void addUnlessEqual(Set<K> keys, K key, V value, Map<K, V> there) {
        if (!value.equals(there.get(key))) {
            keys.add(key);
        }
    }

    Editor<K, V> edit() {
        return new Editor<>(this);
    }

    /** Collects changes; copies a part at the first change in it. */
    static final class Editor<K, V> {
        private final ShardedMap<K, V> base;
        private final BitSet copied = new BitSet(SHARDS);
        private Map<K, V>[] shards;
        private int size;

        private Editor(ShardedMap<K, V> base) {
            this.base = base;
            this.shards = base.shards;
            this.size = base.size;
        }

        V get(K key) {
            return shards[shard(key)].get(key);
        }

        /** Sets the value, or removes the key when it is null. */
        void set(K key, V value) {
            V old = get(key);
            if (value == null ? old == null : value.equals(old)) {
                return;
            }
            Map<K, V> shard = own(shard(key));
            if (value == null) {
                shard.remove(key);
                size--;
            } else if (shard.put(key, value) == null) {
                size++;
            }
        }

        private Map<K, V> own(int index) {
            if (!copied.get(index)) {
                if (copied.isEmpty()) {
                    shards = shards.clone();
                }
                shards[index] = new HashMap<>(shards[index]);
                copied.set(index);
            }
            return shards[index];
        }

        /** The keys that are there and meet the condition. */
        Set<K> keys(Predicate<K> condition) {
            Set<K> found = new HashSet<>();
            for (Map<K, V> shard : shards) {
                shard.keySet().stream().filter(condition).forEach(found::add);
            }
            return found;
        }

        /** The map that was edited when nothing in it was changed. */
        ShardedMap<K, V> build() {
            return copied.isEmpty() ? base : new ShardedMap<>(shards, size);
        }
    }
}
