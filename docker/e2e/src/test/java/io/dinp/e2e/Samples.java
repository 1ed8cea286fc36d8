package io.dinp.e2e;

import io.dinp.e2e.bed.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The archives that a new user would try first, packed by the samples' own script. */
final class Samples {
    private static final Path PACK = Path.of("../samples/pack.sh");

    private Samples() {}

    /** A Python tree for the base {@code gunicorn}. */
    static byte[] python(String version) {
        return pack("hello", version);
    }

    /** A static binary for the base {@code binary}. */
    static byte[] binary(String version) {
        return pack("static", version);
    }

    private static byte[] pack(String sample, String version) {
        try {
            Path archive = Files.createTempFile("dinp-e2e-", ".tar.gz");
            Shell.run(PACK.toString(), sample, version, archive.toString());
            byte[] bytes = Files.readAllBytes(archive);
            Files.delete(archive);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
