package io.dinp.server;

import io.dinp.common.testing.HouseRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

    @Test
    void theHouseRulesHold() {
        HouseRules.check("server");
    }
}
