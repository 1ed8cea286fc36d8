package io.dinp.common.testing;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Tables of the documentation that say of each promise which tests of a module show it ({@code `Class#method`}), held to the tests that exist:
 * a list of tests that nobody checks is wrong within a month.
 */
public final class TestList {
    private static final Path CLASSES = Path.of("target", "test-classes");
    private static final Pattern NAME = Pattern.compile("`(\\w+)#(\\w+)`");

    private final String text;
    private final Map<String, Class<?>> classes = new TreeMap<>();

    /**
     * The tables of that document, from the heading on; the classes are those of the module whose tests run.
     *
     * @param heading a line of the document; empty for the whole
     */
    public TestList(Path document, String heading) throws IOException {
        String whole = Files.readString(document);
        int start = whole.indexOf(heading);
        if (start < 0) {
            throw new AssertionError(document + " has no '" + heading + "'");
        }
        text = whole.substring(start);
        try (Stream<Path> files = Files.walk(CLASSES)) {
            files.filter(file -> file.toString().matches(".*(Test|IT)\\.class")).forEach(this::add);
        }
    }

    private void add(Path file) {
        String name = CLASSES.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
        try {
            // Not initialised: some start containers.
            Class<?> type = Class.forName(name, false, TestList.class.getClassLoader());
            classes.put(name.substring(name.lastIndexOf('.') + 1), type);
        } catch (ClassNotFoundException e) {
            throw new AssertionError("a class of this module: " + name, e);
        }
    }

    /** The rows of the tables, without their heads. */
    public List<String> rows() {
        String[] lines = text.split("\n");
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < lines.length; i++) {
            boolean head = i + 1 < lines.length && lines[i + 1].startsWith("|---");
            if (lines[i].startsWith("| ") && !head) {
                rows.add(lines[i]);
            }
        }
        return rows;
    }

    /** What is wrong with them: rows that name no test, and names of no test. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (String row : rows()) {
            Matcher names = NAME.matcher(row);
            boolean any = false;
            while (names.find()) {
                any = true;
                if (!exists(names.group(1), names.group(2))) {
                    faults.add("no such test: " + names.group());
                }
            }
            if (!any) {
                faults.add("no test: " + row);
            }
        }
        return faults;
    }

    private boolean exists(String type, String method) {
        return classes.containsKey(type) && tests(classes.get(type)).anyMatch(method::equals);
    }

    /** A test that is switched off shows nothing. */
    private static Stream<String> tests(Class<?> type) {
        if (type.isAnnotationPresent(Disabled.class)) {
            return Stream.empty();
        }
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !method.isAnnotationPresent(Disabled.class))
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class))
                .map(Method::getName);
    }

    /** The classes of that package that have tests, by their simple names. */
    public NavigableSet<String> classes(String packageName) {
        NavigableSet<String> found = new TreeSet<>();
        classes.values().stream()
                .filter(type -> type.getPackageName().equals(packageName)
                        && tests(type).findAny().isPresent())
                .map(Class::getSimpleName)
                .forEach(found::add);
        return found;
    }

    /** The tests of that package which no row names. */
    public NavigableSet<String> unlisted(String packageName) {
        NavigableSet<String> unlisted = new TreeSet<>();
        classes.values().stream()
                .filter(type -> type.getPackageName().equals(packageName))
                .forEach(type -> tests(type)
                        .map(method -> type.getSimpleName() + "#" + method)
                        .filter(name -> !text.contains("`" + name + "`"))
                        .forEach(unlisted::add));
        return unlisted;
    }
}
