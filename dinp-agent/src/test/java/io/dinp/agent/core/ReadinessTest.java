package io.dinp.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadinessTest {
    @ParameterizedTest
    @CsvSource({"0, 100", "4999, 100", "5000, 1000", "59000, 1000"})
    void eagerForFiveSeconds(long sinceStart, long pause) {
        assertEquals(Duration.ofMillis(pause), Readiness.pause(Duration.ofMillis(sinceStart)));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "200, ok, '', -",
                "204, '', '', -",
                "302, '', '', -",
                "200, all ok, ok, -",
                "200, sick, ok, HTTP 200 without \"ok\" in the body",
                "404, ok, '', HTTP 404",
                "503, ok, ok, HTTP 503",
                "101, '', '', HTTP 101"
            })
    void whatCounts(int status, String body, String sign, String fault) {
        assertEquals(Optional.ofNullable(fault), Readiness.fault(status, body, sign));
    }
}
