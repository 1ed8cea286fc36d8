package io.dinp.router;

import io.dinp.common.testing.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void keepsTheShapeOfTheHouse() {
        HouseRules.check("router");
    }
}
