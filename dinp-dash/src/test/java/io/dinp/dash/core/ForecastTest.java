package io.dinp.dash.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.dash.core.Forecast.Fate;
import io.dinp.dash.core.Forecast.Step;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a forecast shows to whom, and that it stays bounded. */
class ForecastTest {
    private static final Fate MINE = new Fate("mine", 2, 2, 2, 1, "no node has room");
    private static final Fate OTHERS = new Fate("others", 1, 1, 0, 1, null);

    @Test
    void whatConcernsOneAppAloneIsTheServersOwnWords() {
        Forecast forecast = new Forecast(true, "All would be well.", List.of(step("mine")), 3, List.of(MINE), 0);
        assertEquals(forecast, forecast.of("mine"));
    }

    @Test
    void othersAreCountedAndNeverNamed() {
        Forecast forecast = new Forecast(
                false, "others suffers", List.of(step("mine"), step("others")), 9, List.of(OTHERS, MINE), 4);
        Forecast mine = forecast.of("mine");
        assertEquals("mine would serve with 1 of 2: no node has room. 5 other apps would be affected.", mine.summary());
        assertEquals(List.of(step("mine")), mine.steps());
        assertEquals(List.of(MINE), mine.apps());
        assertEquals(0, mine.furtherSteps() + mine.furtherApps());
    }

    @Test
    void aPageBearsSoManyAndTheShortOnesComeFirst() {
        List<Step> steps = IntStream.range(0, 150).mapToObj(i -> step("a" + i)).toList();
        List<Fate> fates = IntStream.range(0, 150)
                .mapToObj(i -> i == 149 ? MINE : new Fate("a" + i, 1, 1, 1, 1, ""))
                .toList();
        Forecast forecast = new Forecast(false, null, steps, 5, fates, 6);
        assertEquals(100, forecast.firstSteps().size());
        assertEquals(55, forecast.furtherSteps());
        assertEquals(MINE, forecast.firstApps().get(0));
        assertEquals(100, forecast.firstApps().size());
        assertEquals(56, forecast.furtherApps());
    }

    @Test
    void anAnswerWithoutListsIsEmpty() {
        Forecast forecast = new Forecast(true, null, null, 0, null, 0);
        assertTrue(forecast.summary().isEmpty()
                && forecast.firstSteps().isEmpty()
                && forecast.firstApps().isEmpty());
        assertEquals("node lost", new Step("node-lost", "", "", "", "").words());
    }

    private static Step step(String app) {
        return new Step("start", app, "", "10.0.0.1", "one is missing");
    }
}
