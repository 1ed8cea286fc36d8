package io.dinp.router.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.common.json.Json;
import io.dinp.router.core.AccessLog.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogWriterTest {
    private static final Entry ENTRY = new Entry(
            "demo.apps.io",
            0,
            "GET",
            "/a?b",
            "HTTP/1.1",
            200,
            5,
            null,
            "say \"x\"",
            "1.2.3.4:5",
            1,
            2,
            12_345,
            "demo",
            "10.0.0.1:80",
            1,
            "");

    @TempDir
    Path directory;

    @Test
    void writesTheOriginalsFields() {
        assertEquals(
                "demo.apps.io - [01/01/1970:00:00:00 +0000] \"GET /a?b HTTP/1.1\" 200 5 \"-\" \"say \\\"x\\\"\" 1.2.3.4:5"
                        + " vcap_request_id:00000000-0000-0001-0000-000000000002 response_time:0.012345 app_id:demo"
                        + " endpoint:10.0.0.1:80 tries:1 error:-\n",
                EntryFormat.TEXT.line(ENTRY));
    }

    @Test
    void writesTheSameFieldsAsJson() throws IOException {
        assertEquals(
                "{\"time\":\"1970-01-01T00:00:00Z\",\"host\":\"demo.apps.io\",\"method\":\"GET\",\"target\":\"/a?b\",\"version\":\"HTTP/1.1\","
                        + "\"status\":200,\"bytes\":5,\"referer\":\"\",\"user_agent\":\"say \\\"x\\\"\",\"client\":\"1.2.3.4:5\","
                        + "\"vcap_request_id\":\"00000000-0000-0001-0000-000000000002\",\"response_time\":0.012345,\"app_id\":\"demo\","
                        + "\"endpoint\":\"10.0.0.1:80\",\"tries\":1,\"error\":\"\"}\n",
                EntryFormat.JSON.line(ENTRY));
        Entry odd =
                new Entry("h", 0, "GET", "/\u00e4\\\t", "HTTP/1.1", 200, 0, "\u0001", "", "", 0, 0, 0, "", "", 0, "");
        String line = EntryFormat.JSON.line(odd);
        assertEquals("/\u00e4\\\t", Json.mapper().readTree(line).path("target").asText());
        assertTrue(line.chars().allMatch(c -> c == '\n' || (c >= ' ' && c <= '~')), line);
        assertTrue(EntryFormat.JSON.dropped(7).equals("{\"dropped\":7}\n"));
    }

    @Test
    void writesAllThatWasAddedBeforeItWasClosed() throws IOException {
        Path file = directory.resolve("access.log");
        try (AccessLogWriter writer = new AccessLogWriter(file, EntryFormat.TEXT)) {
            for (int i = 0; i < 1000; i++) {
                writer.add(ENTRY);
            }
        }
        assertEquals(1000, Files.readAllLines(file).size());
    }

    @Test
    void refusesWhenTheRingIsFullAndTakesAgainInOrder() {
        EntryRing ring = new EntryRing(4);
        for (int i = 0; i < 4; i++) {
            assertTrue(ring.offer(ENTRY));
        }
        assertTrue(!ring.offer(ENTRY));
        for (int i = 0; i < 4; i++) {
            assertEquals(ENTRY, ring.poll());
        }
        assertEquals(null, ring.poll());
        assertTrue(ring.offer(ENTRY));
    }
}
