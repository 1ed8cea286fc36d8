package io.dinp.builder;

import io.dinp.common.testing.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void hold() {
        HouseRules.check("builder");
    }
}
