package io.dinp.agent;

import io.dinp.common.testing.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void theShapeOfTheHouse() {
        HouseRules.check("agent");
    }
}
