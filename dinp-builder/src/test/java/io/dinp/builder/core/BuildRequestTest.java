package io.dinp.builder.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.builder.core.BuildRequest.Invalid;
import io.dinp.builder.core.BuildRequest.Upload;
import io.dinp.builder.core.BuildRequest.Url;
import io.dinp.builder.core.BuildRequest.Valid;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildRequestTest {
    private static final Map<String, Set<ArchiveKind>> BASES =
            Map.of("binary", Set.of(ArchiveKind.TAR_GZ), "tomcat", Set.of(ArchiveKind.WAR));

    @Test
    void readsAForm() {
        BuildRequest expected = new BuildRequest("demo", "1.0.3", "first", "binary", new Upload("demo.tar.gz"));
        assertEquals(new Valid(expected), parse(Map.of(), "demo.tar.gz"));
    }

    @Test
    void takesAnAddressInPlaceOfAFile() {
        Valid valid = assertInstanceOf(Valid.class, parse(Map.of("tarball", "https://x.org/a.tar.gz"), ""));
        assertEquals(new Url("https://x.org/a.tar.gz"), valid.request().source());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "app     | 9lives              | app: '9lives' is not valid, use a letter or _ first, then letters, digits, - and _, at most 64",
                "app     | ''                  | app: is missing, use a letter or _ first, then letters, digits, - and _, at most 64",
                "app     | a/b                 | app: 'a/b' is not valid, use a letter or _ first, then letters, digits, - and _, at most 64",
                "version | latest              | version: 'latest' is not valid, use digits and dots such as 1.0.3",
                "version | .1                  | version: '.1' is not valid, use digits and dots such as 1.0.3",
                "base    | windows             | base: 'windows' is not valid, choose one of [binary, tomcat]",
                "base    | tomcat              | file: 'demo.tar.gz' is not valid, the base tomcat takes .war",
                "tarball | https://x/a.tar.gz  | file: give either a file or a tarball URL, both came",
            })
    void namesFieldValueAndRemedy(String field, String value, String message) {
        Invalid invalid = assertInstanceOf(Invalid.class, parse(Map.of(field, value), "demo.tar.gz"));
        assertEquals(List.of(message), invalid.messages());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ftp://x.org/a.tar.gz | tarball: 'ftp://x.org/a.tar.gz' is not valid, use an address that starts with http:// or https://",
                "http://x.org/a.zip   | tarball: 'http://x.org/a.zip' is not valid, its name must end in .tar.gz or .war",
                "''                   | file: give either a file or a tarball URL, none came",
            })
    void checksTheAddress(String url, String message) {
        Invalid invalid = assertInstanceOf(Invalid.class, parse(Map.of("tarball", url), ""));
        assertEquals(List.of(message), invalid.messages());
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        Invalid invalid = assertInstanceOf(
                Invalid.class, BuildRequest.parse(Map.of("resume", "x".repeat(256)), Optional.empty(), BASES));
        assertEquals(5, invalid.messages().size());
        assertTrue(invalid.messages().get(2).startsWith("resume: 'xxx"));
    }

    @Test
    void namesOfSixtyFourCharactersAreTheLongest() {
        assertInstanceOf(Valid.class, parse(Map.of("app", "a".repeat(64)), "demo.tar.gz"));
        assertInstanceOf(Invalid.class, parse(Map.of("app", "a".repeat(65)), "demo.tar.gz"));
    }

    private static BuildRequest.Outcome parse(Map<String, String> changes, String file) {
        Map<String, String> fields =
                new HashMap<>(Map.of("app", "demo", "version", "1.0.3", "resume", "first", "base", "binary"));
        fields.putAll(changes);
        return BuildRequest.parse(fields, Optional.of(file), BASES);
    }
}
