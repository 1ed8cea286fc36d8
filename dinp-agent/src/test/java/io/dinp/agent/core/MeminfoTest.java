package io.dinp.agent.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MeminfoTest {
    @Test
    void theKernelsOwnFigure() {
        String text = """
                MemTotal:       16384000 kB
                MemFree:         1024000 kB
                MemAvailable:    8192000 kB
                Buffers:          102400 kB
                Cached:          4096000 kB
                HugePages_Total:       0
                """;
        assertEquals(new Meminfo(16000, 8000), Meminfo.parse(text));
    }

    @Test
    void anOldKernelHasTheOriginalsSum() {
        String text = "MemTotal: 2048000 kB\nMemFree: 102400 kB\nBuffers: 204800 kB\nCached: 307200 kB\n";
        assertEquals(new Meminfo(2000, 600), Meminfo.parse(text));
    }

    @Test
    void noMeminfoAtAll() {
        assertThrows(IllegalArgumentException.class, () -> Meminfo.parse("nothing here"));
    }
}
