package io.dinp.common.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dinp.common.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A daemon's settings: the environment over the file over the default.
 *
 * <p>Reading never throws for a wrong value: it notes the error and goes on with the default, so that {@link #verify} can
 * name everything that is wrong at once. Keys are paths, {@code redis.dsn}; the environment variable of that key is
 * {@code DINP_SERVER_REDIS_DSN} for the server. Not safe for use by several threads.
 */
public final class Settings {
    private static final JsonMapper COMMENTED = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    /** As many digits as an int surely holds. */
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,9}");

    private final String prefix;
    private final JsonNode root;
    private final Map<String, String> env;
    private final Map<String, Object> resolved = new LinkedHashMap<>();
    private final TreeSet<String> known = new TreeSet<>();
    private final TreeSet<String> wholeSubtrees = new TreeSet<>();
    private final List<String> errors = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private Settings(String daemon, JsonNode root, Map<String, String> env) {
        this.prefix = "DINP_" + upper(daemon) + "_";
        this.root = root;
        this.env = env;
    }

    /**
     * Reads a file; throws {@link ConfigException} when there is none or it is no JSON.
     *
     * @param daemon short name, {@code server}
     */
    public static Settings load(String daemon, Path file, Map<String, String> env) {
        try {
            return parse(daemon, Files.readString(file), env);
        } catch (NoSuchFileException e) {
            throw new ConfigException(
                    List.of("file " + file + ": is not there; copy conf/cfg.example.json and edit it"));
        } catch (IOException e) {
            throw new ConfigException(List.of("file " + file + ": cannot be read: " + e.getMessage()));
        }
    }

    /** Reads the text of a file; throws {@link ConfigException} when it is no JSON object. */
    public static Settings parse(String daemon, String json, Map<String, String> env) {
        try {
            JsonNode root = COMMENTED.readTree(json);
            if (!root.isObject()) {
                throw new ConfigException(List.of("the configuration must be one JSON object, { … }"));
            }
            return new Settings(daemon, root, env);
        } catch (JsonProcessingException e) {
            throw new ConfigException(List.of("the configuration is no JSON: " + e.getOriginalMessage() + " (line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + ")"));
        }
    }

    /** The environment variable that overrides a key. */
    public String variable(String key) {
        return prefix + upper(key);
    }

    private static String upper(String key) {
        return key.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replace('.', '_')
                .replace('-', '_')
                .toUpperCase(Locale.ROOT);
    }

    /** A text. */
    public String text(String key, String fallback) {
        return put(key, raw(key, fallback));
    }

    /** A text that must be given. */
    public String required(String key) {
        String value = raw(key, "");
        if (value.isEmpty()) {
            reject(key, "", "give it a value, in the file or by " + variable(key));
        }
        return put(key, value);
    }

    /** A text that is never printed. */
    public Secret secret(String key, String fallback) {
        return put(key, new Secret(raw(key, fallback)));
    }

    /** A whole number within bounds, both inclusive. */
    public int integer(String key, int fallback, int min, int max) {
        String text = raw(key, Integer.toString(fallback)).trim();
        if (WHOLE_NUMBER.matcher(text).matches()) {
            int value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return put(key, value);
            }
        }
        reject(key, text, "use a whole number from " + min + " to " + max);
        return put(key, fallback);
    }

    /** True or false. */
    public boolean flag(String key, boolean fallback) {
        String text = raw(key, Boolean.toString(fallback)).trim();
        if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
            return put(key, Boolean.parseBoolean(text));
        }
        reject(key, text, "use true or false");
        return put(key, fallback);
    }

    /** A number of seconds. */
    public Duration seconds(String key, int fallback, int min, int max) {
        return Duration.ofSeconds(integer(key, fallback, min, max));
    }

    /** A number of milliseconds. */
    public Duration millis(String key, int fallback, int min, int max) {
        return Duration.ofMillis(integer(key, fallback, min, max));
    }

    /** A number of minutes. */
    public Duration minutes(String key, int fallback, int min, int max) {
        return Duration.ofMinutes(integer(key, fallback, min, max));
    }

    /** A list of texts; in the environment, and in a file that has one text, separated by commas. */
    public List<String> list(String key, List<String> fallback) {
        String fromEnv = env.get(variable(key));
        JsonNode node = node(key);
        known(key);
        if (fromEnv != null || node.isTextual()) {
            return put(key, splitCommas(fromEnv != null ? fromEnv : node.asText()));
        }
        if (node.isMissingNode() || node.isNull()) {
            return put(key, fallback);
        }
        List<String> values = new ArrayList<>();
        node.forEach(item -> values.add(item.asText()));
        if (!node.isArray()) {
            reject(key, node.toString(), "use a list of texts");
        }
        return put(key, List.copyOf(values));
    }

    private static List<String> splitCommas(String text) {
        return text.isBlank() ? List.of() : List.of(text.trim().split("\\s*,\\s*"));
    }

    /** An object of texts; in the environment {@code a=b,c=d}. */
    public Map<String, String> map(String key, Map<String, String> fallback) {
        wholeSubtrees.add(key);
        String fromEnv = env.get(variable(key));
        if (fromEnv != null) {
            return put(key, pairs(key, fromEnv));
        }
        JsonNode node = node(key);
        if (node.isMissingNode() || node.isNull()) {
            return put(key, fallback);
        }
        if (!node.isObject()) {
            reject(key, node.toString(), "use an object of texts, { \"name\": \"value\" }");
            return put(key, fallback);
        }
        Map<String, String> values = new TreeMap<>();
        node.properties()
                .forEach(field -> values.put(field.getKey(), field.getValue().asText()));
        return put(key, values);
    }

    private Map<String, String> pairs(String key, String text) {
        Map<String, String> values = new TreeMap<>();
        for (String pair : splitCommas(text)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                reject(key, pair, "use name=value,name=value");
            } else {
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return values;
    }

    /** A list of objects with text fields; a field whose name ends in {@code password} or {@code token} is masked when printed. */
    public List<Map<String, String>> objects(String key) {
        wholeSubtrees.add(key);
        List<Map<String, String>> values = new ArrayList<>();
        JsonNode node = fromEnvironment(key);
        if (!node.isMissingNode() && !node.isNull() && !node.isArray()) {
            reject(key, node.getNodeType().toString(), "use a list of objects, [ { … } ]");
        }
        for (JsonNode item : node) {
            Map<String, String> fields = new TreeMap<>();
            item.properties().forEach(f -> fields.put(f.getKey(), f.getValue().asText()));
            values.add(fields);
        }
        resolved.put(key, values.stream().map(Settings::masked).toList());
        return List.copyOf(values);
    }

    private JsonNode fromEnvironment(String key) {
        String text = env.get(variable(key));
        if (text == null) {
            return node(key);
        }
        try {
            return COMMENTED.readTree(text);
        } catch (JsonProcessingException e) {
            reject(key, variable(key), "use JSON in the environment: " + e.getOriginalMessage());
            return MissingNode.getInstance();
        }
    }

    private static Map<String, String> masked(Map<String, String> fields) {
        Map<String, String> shown = new TreeMap<>(fields);
        shown.replaceAll((name, value) -> name.toLowerCase(Locale.ROOT).matches(".*(password|token)") ? "****" : value);
        return shown;
    }

    /** A key of the original that means nothing any more: accepted, with a warning when it is given. */
    public void ignored(String key, String why) {
        wholeSubtrees.add(key);
        if (!node(key).isMissingNode()) {
            warnings.add(key + " has no effect: " + why);
        }
    }

    /** Notes that a value cannot be used; {@link #verify} will tell. */
    public void reject(String key, String value, String remedy) {
        errors.add(key + " '" + value + "': " + remedy);
    }

    /** What is accepted but has no effect. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Throws {@link ConfigException} naming every wrong and every unknown key. */
    public void verify() {
        List<String> all = new ArrayList<>(errors);
        unknown("", root, all);
        unknownVariables(all);
        if (!all.isEmpty()) {
            throw new ConfigException(all);
        }
    }

    private void unknown(String path, JsonNode node, List<String> all) {
        node.properties().forEach(field -> {
            String key = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (known.contains(key) || wholeSubtrees.contains(key)) {
                return;
            }
            if (field.getValue().isObject() && known.stream().anyMatch(k -> k.startsWith(key + "."))) {
                unknown(key, field.getValue(), all);
            } else {
                all.add(key + ": there is no such key; see conf/cfg.example.json");
            }
        });
    }

    private void unknownVariables(List<String> all) {
        Set<String> variables = new HashSet<>();
        known.forEach(key -> variables.add(variable(key)));
        wholeSubtrees.forEach(key -> variables.add(variable(key)));
        env.keySet().stream()
                .filter(name -> name.startsWith(prefix) && !variables.contains(name))
                .sorted()
                .forEach(name -> all.add(name + ": no key has this variable; see conf/cfg.example.json"));
    }

    /** The settings in force as JSON, secrets masked. */
    public String printable() {
        ObjectNode out = Json.mapper().createObjectNode();
        resolved.forEach((key, value) -> {
            ObjectNode place = out;
            String[] parts = key.split("\\.");
            for (int i = 0; i < parts.length - 1; i++) {
                place = place.withObjectProperty(parts[i]);
            }
            place.set(parts[parts.length - 1], Json.mapper().valueToTree(shown(value)));
        });
        return out.toPrettyString();
    }

    private static Object shown(Object value) {
        return value instanceof Secret ? value.toString() : value;
    }

    /** Every key that was asked for, in the order of asking, with its value in force (secrets masked). */
    public Map<String, Object> resolved() {
        Map<String, Object> shown = new LinkedHashMap<>();
        resolved.forEach((key, value) -> shown.put(key, shown(value)));
        return shown;
    }

    private String raw(String key, String fallback) {
        known(key);
        String fromEnv = env.get(variable(key));
        if (fromEnv != null) {
            return fromEnv;
        }
        JsonNode node = node(key);
        if (node.isMissingNode() || node.isNull()) {
            return fallback;
        }
        if (node.isContainerNode()) {
            reject(key, node.toString(), "use one value, not a list or an object");
            return fallback;
        }
        return node.asText();
    }

    private void known(String key) {
        known.add(key);
    }

    private JsonNode node(String key) {
        JsonNode node = root;
        for (String part : key.split("\\.")) {
            node = node.path(part);
        }
        return node;
    }

    private <T> T put(String key, T value) {
        resolved.put(key, value);
        return value;
    }
}
