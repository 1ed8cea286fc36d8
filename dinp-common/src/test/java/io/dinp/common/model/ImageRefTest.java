package io.dinp.common.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageRefTest {
    private static final String SHA = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @ParameterizedTest
    @CsvSource({
        "demo,'',demo,latest",
        "demo:1,'',demo,1",
        "root/demo:1.2,'',root/demo,1.2",
        "localhost/demo,localhost,localhost/demo,latest",
        "127.0.0.1:5000/root/demo:1,127.0.0.1:5000,127.0.0.1:5000/root/demo,1",
        "registry.example.org/a/b/c,registry.example.org,registry.example.org/a/b/c,latest",
        "r:5000/a__b/c-d.e:V_1,r:5000,r:5000/a__b/c-d.e,V_1"
    })
    void namesAreTakenApart(String text, String registry, String repository, String tag) {
        ImageRef image = ImageRef.parse(text);
        assertEquals(registry, image.registry());
        assertEquals(repository, image.repository());
        assertEquals(tag, image.tag());
        assertEquals(repository + "@" + SHA, image.byDigest(SHA));
        assertEquals(text, image.toString());
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "Demo",
                "demo:",
                "demo:a b",
                "/demo",
                "demo/",
                "a//b",
                "demo:1:2",
                "demo@sha256:12",
                "-demo",
                "demo\n"
            })
    void otherNamesAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> ImageRef.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "r:5000/root/demo:1"})
    void aDigestIsKeptApartFromTheName(String name) {
        ImageRef image = ImageRef.parse(name + "@" + SHA);
        assertEquals(ImageRef.parse(name).repository(), image.repository());
    }
}
