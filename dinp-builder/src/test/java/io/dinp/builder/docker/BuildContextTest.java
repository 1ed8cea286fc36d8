package io.dinp.builder.docker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BuildContextTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 511, 512, 513, 100_000})
    void isATarOfTwoFiles(int size) throws Exception {
        Path archive = Files.write(directory.resolve("app.tar"), new byte[size]);
        try (TarArchiveInputStream tar = new TarArchiveInputStream(BuildContext.of("FROM x\n", archive))) {
            assertEquals("Dockerfile", tar.getNextEntry().getName());
            assertEquals("FROM x\n", new String(tar.readAllBytes(), StandardCharsets.UTF_8));
            assertEquals("app.tar", tar.getNextEntry().getName());
            assertEquals(size, tar.readAllBytes().length);
            assertNull(tar.getNextEntry());
        }
    }
}
