package io.dinp.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The list of promises names tests that exist, and each promise has one. */
class ConformanceListTest {
    private static final Path LIST = Path.of("..", "docs", "router-conformance.md");
    private static final Path CLASSES = Path.of("target", "test-classes");
    private static final Pattern NAME = Pattern.compile("`(\\w+)#(\\w+)`");

    private static Map<String, Class<?>> testClasses() throws IOException {
        Map<String, Class<?>> found = new HashMap<>();
        try (Stream<Path> files = Files.walk(CLASSES)) {
            for (Path file : files.filter(f -> f.toString().matches(".*(Test|IT)\\.class"))
                    .toList()) {
                String name =
                        CLASSES.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
                try {
                    found.put(name.substring(name.lastIndexOf('.') + 1), Class.forName(name));
                } catch (ClassNotFoundException e) {
                    throw new AssertionError("a class of this module: " + name, e);
                }
            }
        }
        return found;
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }

    @Test
    void eachPromiseHasTestsAndTheyExist() throws IOException {
        Map<String, Class<?>> classes = testClasses();
        List<String> rows = Files.readAllLines(LIST).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| promise |"))
                .toList();
        assertTrue(rows.size() > 40, "promises: " + rows.size());
        for (String row : rows) {
            Matcher names = NAME.matcher(row);
            assertTrue(names.find(), "no test: " + row);
            do {
                Class<?> type = classes.get(names.group(1));
                assertFalse(type == null, "no such test class: " + names.group(1));
                String method = names.group(2);
                assertTrue(
                        Arrays.stream(type.getDeclaredMethods())
                                .anyMatch(m -> m.getName().equals(method) && isTest(m)),
                        "no such test: " + names.group());
            } while (names.find());
        }
    }

    @Test
    void everyTestOfTheDataPlaneIsInTheList() throws IOException {
        String list = Files.readString(LIST);
        TreeSet<String> missing = new TreeSet<>();
        testClasses().values().stream()
                .filter(type -> type.getPackageName().equals("io.dinp.router.netty"))
                .forEach(type -> Arrays.stream(type.getDeclaredMethods())
                        .filter(ConformanceListTest::isTest)
                        .map(method -> type.getSimpleName() + "#" + method.getName())
                        .filter(name -> !list.contains(name))
                        .forEach(missing::add));
        assertEquals(new TreeSet<>(), missing);
    }
}
