package io.dinp.agent.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dinp.agent.core.FetchedImage;
import io.dinp.agent.core.FetchedImage.Use;
import io.dinp.agent.docker.LocalImage;
import io.dinp.agent.journal.ImageFile;
import io.dinp.common.model.ImageRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBookTest {
    private static final ImageRef IMAGE = ImageRef.parse("r:5000/me/demo:1");
    private static final Use FIRST = new Use("demo", "r1", 1_000);
    private static final Use LATER = new Use("demo", "r2", 2_000);

    @TempDir
    Path stateDir;

    private ImageBook open() throws IOException {
        return new ImageBook(new ImageFile(stateDir));
    }

    private static LocalImage local(String id, String digest, boolean fetched) {
        return new LocalImage(id, digest, List.of(IMAGE.value()), fetched);
    }

    @Test
    void whatWasThereBeforeIsNobodysToRemove() throws Exception {
        ImageBook book = open();
        book.got(local("i1", "sha256:aa", false), IMAGE, true, FIRST);
        assertEquals(List.of(), book.all());
    }

    @Test
    void whatWasFetchedIsRememberedWithItsUses() throws Exception {
        ImageBook book = open();
        book.got(local("i1", "sha256:aa", true), IMAGE, true, FIRST);
        book.got(local("i1", "sha256:aa", false), IMAGE, false, LATER);
        List<FetchedImage> expected = List.of(
                new FetchedImage("i1", List.of("r:5000/me/demo:1", "r:5000/me/demo@sha256:aa"), List.of(LATER, FIRST)));
        assertEquals(expected, book.all());
        assertEquals(expected, open().all(), "on disk at once");
    }

    @Test
    void aTagIsOursOnlyWhenItWasPulled() throws Exception {
        ImageBook book = open();
        book.got(local("i1", "sha256:aa", true), IMAGE, false, FIRST);
        assertEquals(List.of("r:5000/me/demo@sha256:aa"), book.all().get(0).names());
    }

    @Test
    void aWishRenewsByContentOrByTag() throws Exception {
        ImageBook book = open();
        book.got(local("i1", "sha256:aa", true), IMAGE, true, FIRST);
        book.wanted(IMAGE, "sha256:bb", LATER);
        assertEquals(1_000, book.all().get(0).lastUsed());
        book.wanted(IMAGE, "sha256:aa", LATER);
        assertEquals(2_000, book.all().get(0).lastUsed());
        book.wanted(IMAGE, "", new Use("demo", "r2", 3_000));
        assertEquals(3_000, book.all().get(0).lastUsed());
        assertEquals(1_000, open().all().get(0).lastUsed());
        book.flush();
        assertEquals(3_000, open().all().get(0).lastUsed());
        book.forget("i1");
        book.flush();
        assertEquals(List.of(), open().all());
    }

    @Test
    void aBookThatIsCutOffIsSetAside() throws Exception {
        ImageBook book = open();
        book.got(local("i1", "sha256:aa", true), IMAGE, true, FIRST);
        Path file = stateDir.resolve("images.json");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertEquals(List.of(), open().all());
            assertTrue(Files.exists(stateDir.resolve("images.json.unreadable")));
            assertTrue(Files.notExists(file), "met once");
        }
        for (String text : List.of("null", "{}", "[]", "{\"images\":[null]}")) {
            Files.writeString(file, text);
            assertEquals(List.of(), open().all(), text);
        }
    }

    @Test
    void theBookIsBounded() throws Exception {
        List<FetchedImage> full = IntStream.range(0, 1_000)
                .mapToObj(i -> FetchedImage.of("i" + i, List.of("n" + i), new Use("demo", "r" + i, i)))
                .toList();
        new ImageFile(stateDir).write(full);
        ImageBook book = open();
        for (int i = 1_000; i < 1_003; i++) {
            book.got(local("i" + i, "", true), IMAGE, true, new Use("demo", "r" + i, i));
        }
        assertEquals(1_000, book.all().size());
        assertEquals("i3", book.all().get(0).id(), "the least recently used are forgotten");
    }

    @Test
    void aDiskThatRefusesStopsNobody() throws Exception {
        ImageBook book = open();
        Files.createDirectory(stateDir.resolve("images.json.new"));
        Files.createFile(stateDir.resolve("images.json.new").resolve("x"));
        book.got(local("i1", "sha256:aa", true), IMAGE, true, FIRST);
        assertEquals(1, book.all().size());
        Files.delete(stateDir.resolve("images.json.new").resolve("x"));
        book.flush();
        assertEquals(1, open().all().size(), "written later");
    }
}
