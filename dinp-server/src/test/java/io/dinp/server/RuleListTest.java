package io.dinp.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.testing.TestList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The list of the rules that nothing may break names tests that exist. */
class RuleListTest {

    @Test
    void eachRuleHasTestsThatExist() throws IOException {
        TestList list = new TestList(
                Path.of("..", "docs", "architecture.md"), "## The rules that nothing may break, and their tests");
        assertTrue(list.rows().size() > 15, "rules: " + list.rows().size());
        assertEquals(List.of(), list.faults());
    }
}
