package io.dinp.common.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RevisionTest {
    private static final Revision BASE = Revision.of("demo", "r/demo:1", 256, env("A", "1", "B", "2"), 0);

    @Test
    void theIdIsStableOverBuildsAndServers() {
        assertEquals(
                "dc6d3c08b4fe6b03b98c2ba3c2ea8b22c1c3dd47bb1ad5ffef60e6e7e5a3fb53".length(),
                BASE.id().length());
        assertEquals(
                BASE.id(),
                Revision.of("demo", "r/demo:1", 256, env("B", "2", "A", "1"), 0).id());
        assertEquals(BASE.id().substring(0, 8), BASE.shortId());
    }

    @Test
    void everyInputIsInTheId() {
        assertNotEquals(
                BASE.id(), Revision.of("demo2", "r/demo:1", 256, BASE.env(), 0).id());
        assertNotEquals(
                BASE.id(), Revision.of("demo", "r/demo:2", 256, BASE.env(), 0).id());
        assertNotEquals(
                BASE.id(), Revision.of("demo", "r/demo:1", 257, BASE.env(), 0).id());
        assertNotEquals(
                BASE.id(),
                Revision.of("demo", "r/demo:1", 256, env("A", "1", "B", "3"), 0).id());
        assertNotEquals(
                BASE.id(), Revision.of("demo", "r/demo:1", 256, BASE.env(), 1).id());
    }

    @Test
    void noTwoEnvironmentsHaveTheSameText() {
        Revision one = Revision.of("demo", "r/demo:1", 256, env("A", "1B2"), 0);
        assertNotEquals(
                one.id(),
                Revision.of("demo", "r/demo:1", 256, env("A1", "B2"), 0).id());
        assertNotEquals(BASE.id(), one.id());
    }

    @Test
    void theDigestIsNotInTheId() {
        Revision known = BASE.withDigest("sha256:12");
        assertEquals(BASE.id(), known.id());
        assertEquals("sha256:12", known.digest());
    }

    @Test
    void theEnvironmentIsACopyAndItsValuesAreNotTold() {
        SortedMap<String, String> env = env("PASSWORD", "geheim");
        Revision revision = Revision.of("demo", "r/demo:1", 256, env, 0);
        env.put("X", "y");
        assertEquals(Map.of("PASSWORD", "geheim"), revision.env());
        assertThrows(UnsupportedOperationException.class, () -> revision.env().put("X", "y"));
        assertFalse(revision.toString().contains("geheim"));
    }

    private static SortedMap<String, String> env(String... pairs) {
        SortedMap<String, String> env = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            env.put(pairs[i], pairs[i + 1]);
        }
        return env;
    }
}
