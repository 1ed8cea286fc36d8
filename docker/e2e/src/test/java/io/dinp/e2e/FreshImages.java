package io.dinp.e2e;

import io.dinp.e2e.bed.Engine;
import io.dinp.e2e.bed.TestBed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Variants of the echo app that are in the registry and on no node. */
final class FreshImages {
    private static final int MEGABYTE = 1024 * 1024;

    private final TestBed bed;
    private final Random random = new Random(1);

    FreshImages(TestBed bed) {
        this.bed = bed;
    }

    /** A variant of that version under a tag of its own, so much larger; answers the tag. */
    String publish(String version, int megabytes) {
        String tag = "fresh-" + System.nanoTime();
        publishAs(tag, version, megabytes);
        return tag;
    }

    /** Puts a variant of that version under a tag that may name another one so far. */
    void publishAs(String tag, String version, int megabytes) {
        Engine maker = bed.engines().get(0);
        String image = bed.echo().image(tag);
        String container = maker.docker("create", bed.echo().image(version)).strip();
        fill(maker, container, megabytes);
        maker.docker("commit", "-c", "LABEL fresh=" + tag, container, image + "-made");
        maker.docker("rm", container);
        maker.docker("tag", image + "-made", image);
        maker.docker("push", "-q", image);
        maker.docker("rmi", "-f", image, image + "-made");
    }

    private void fill(Engine maker, String container, int megabytes) {
        byte[] bytes = new byte[megabytes * MEGABYTE];
        random.nextBytes(bytes);
        try {
            Path file = Files.createTempFile("ballast", "");
            try {
                Files.write(file, bytes);
                maker.docker("cp", file.toString(), container + ":/ballast");
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
