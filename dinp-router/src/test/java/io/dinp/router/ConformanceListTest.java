package io.dinp.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.TestList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The list of what the router promises names tests that exist, and all of those of its data plane. */
class ConformanceListTest {
    private final TestList list = new TestList(Path.of("..", "docs", "router-conformance.md"), "");

    ConformanceListTest() throws IOException {}

    @Test
    void eachPromiseHasTestsThatExist() {
        assertTrue(list.rows().size() > 40, "promises: " + list.rows().size());
        assertEquals(List.of(), list.faults());
    }

    @Test
    void everyTestOfTheDataPlaneIsInTheList() {
        assertEquals(Set.of(), list.unlisted("io.dinp.router.netty"));
    }
}
