package io.dinp.dash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.web.Browser;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page of the machines, and what an administrator can do with them. */
class DashNodesIT {
    private static DashSite site;
    private static FakeServer server;
    private static Browser carol;

    @BeforeAll
    static void signOn() {
        site = DashSite.shared();
        server = site.server;
        carol = site.signedOn("carol");
    }

    @BeforeEach
    void theServerIsItself() {
        server.forget();
    }

    @Test
    void nodesAreShownWithTheOddOnesFirst() {
        String page = page();
        assertTrue(page.indexOf("10.0.0.2") < page.indexOf("10.0.0.1")
                && page.indexOf("10.0.0.3") < page.indexOf("10.0.0.1"));
        for (String part : List.of(
                "draining",
                "by force in",
                "aria-label=\"Stop draining 10.0.0.2\"",
                "badge failed\">lost",
                "max=\"3584\" value=\"1280\"",
                "1280 of 3584 MB",
                "zone=a",
                "zone=&lt;b&gt;",
                "/node/whatif?ip=10.0.0.1")) {
            assertTrue(page.contains(part), part + " in " + page);
        }
    }

    @Test
    void ordersGoToTheServer() {
        assertEquals(303, site.form(carol, "/node/cordon", "ip", "10.0.0.1").status());
        site.json(carol, "/node/uncordon", Map.of("ip", "10.0.0.1"), 200);
        assertEquals(
                303,
                site.form(carol, "/node/drain", "ip", "10.0.0.1", "deadline_minutes", "30")
                        .status());
        site.json(carol, "/node/drain", Map.of("ip", "10.0.0.1", "deadline_minutes", "0"), 200);
        assertEquals(
                List.of(
                        "/nodes/10.0.0.1/cordon",
                        "/nodes/10.0.0.1/uncordon",
                        "/nodes/10.0.0.1/drain {\"deadlineSeconds\":1800}",
                        "/nodes/10.0.0.1/drain {\"deadlineSeconds\":0}"),
                server.orders);
        server.orders.clear();
        assertTrue(site.json(carol, "/node/drain", Map.of("ip", "10.0.0.1", "deadline_minutes", "-1"), 400)
                .contains("0 to 10080"));
        site.json(carol, "/node/cordon", Map.of(), 404);
        site.json(carol, "/node/cordon", Map.of("ip", "../app/x"), 200);
        assertEquals(List.of("/nodes/../app/x/cordon"), server.orders, "decoded, so it was one part of the path");
    }

    @Test
    void whatTheServerRefusesIsSaidOnThePage() {
        server.say("/nodes/10.0.0.9/cordon", 404, "{\"msg\":\"there is no node 10.0.0.9\"}");
        Browser.Page page = site.form(carol, "/node/cordon", "ip", "10.0.0.9");
        assertEquals(409, page.status());
        assertTrue(
                page.body().contains("there is no node 10.0.0.9") && page.body().contains("10.0.0.1"));
    }

    @Test
    void theDeathOfANodeIsForetoldAndAsksForNothingElse() {
        Browser.Page page = carol.get(site.url + "/node/whatif?ip=10.0.0.2");
        assertEquals(200, page.status());
        assertEquals(List.of("/plan {\"nodeDown\":\"10.0.0.2\"}"), server.orders);
        assertTrue(page.body().contains("secret-of-bob") && page.body().contains("lacks 128 MB"), page.body());
        assertTrue(page.body().contains("7 further steps"), page.body());
        assertTrue(
                page.body().indexOf("secret-of-bob") < page.body().indexOf(">demo<"),
                "what would be short comes first");
        server.say("/plan", 503, "{\"msg\":\"not yet\"}");
        assertTrue(carol.get(site.url + "/node/whatif?ip=10.0.0.2").body().contains("There is no preview."));
    }

    @Test
    void anOldOrSilentServerIsSaidToBeSo() {
        server.say("/nodes", 200, "{\"10.0.0.1\":{\"Ip\":\"10.0.0.1\",\"MemFree\":9,\"UpdateAt\":1}}");
        String old = page();
        assertTrue(old.contains("older than this dashboard") && old.contains("9 MB"), old);
        assertFalse(old.contains("/node/cordon"), "what the server cannot do is not offered");
        server.say("/nodes", 503, "{\"msg\":\"stopping\"}");
        assertTrue(page().contains("stopping"));
    }

    @Test
    void thePageOfAThousandNodesIsBounded() {
        server.say(
                "/nodes",
                200,
                IntStream.range(0, 1000)
                        .mapToObj(i -> "\"10.1.%d.%d\":{\"Ip\":\"10.1.%d.%d\",\"State\":\"%s\"}"
                                .formatted(i / 250, i % 250, i / 250, i % 250, i == 999 ? "lost" : "ready"))
                        .collect(Collectors.joining(",", "{", "}")));
        String page = page();
        assertTrue(page.contains("800 further nodes") && page.contains("10.1.3.249"), "the lost one is shown");
        assertTrue(page.contains("not heard yet"), "nor has the server since its start");
        assertEquals(201, page.split("<tr>", -1).length - 1);
    }

    private static String page() {
        Browser.Page page = carol.get(site.url + "/node");
        assertEquals(200, page.status());
        return page.body();
    }
}
