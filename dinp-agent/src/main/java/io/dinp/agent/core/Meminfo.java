package io.dinp.agent.core;

import java.util.HashMap;
import java.util.Map;

/**
 * The two figures of {@code /proc/meminfo} (proc(5)) that placement needs, in MiB.
 *
 * @param totalMb usable memory of the machine
 * @param availableMb what a new process could get without swapping
 */
public record Meminfo(long totalMb, long availableMb) {

    /**
     * Reads the text of {@code /proc/meminfo}. Kernels without {@code MemAvailable} get the original's sum of free, buffers
     * and cached.
     *
     * @throws IllegalArgumentException when the text has no {@code MemTotal}
     */
    public static Meminfo parse(String text) {
        Map<String, Long> kib = values(text);
        if (!kib.containsKey("MemTotal")) {
            throw new IllegalArgumentException("no MemTotal in the text of /proc/meminfo");
        }
        long sum = kib.getOrDefault("MemFree", 0L) + kib.getOrDefault("Buffers", 0L) + kib.getOrDefault("Cached", 0L);
        return new Meminfo(kib.get("MemTotal") / 1024, kib.getOrDefault("MemAvailable", sum) / 1024);
    }

    private static Map<String, Long> values(String text) {
        Map<String, Long> values = new HashMap<>();
        for (String line : text.split("\n")) {
            String[] parts = line.trim().split("[:\\s]+");
            if (parts.length >= 2 && parts[1].chars().allMatch(Character::isDigit)) {
                values.put(parts[0], Long.parseLong(parts[1]));
            }
        }
        return values;
    }
}
