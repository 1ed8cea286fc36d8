package io.dinp.router.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
                EntryFormat.line(ENTRY));
    }

    @Test
    void writesAllThatWasAddedBeforeItWasClosed() throws IOException {
        Path file = directory.resolve("access.log");
        try (AccessLogWriter writer = new AccessLogWriter(file)) {
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
