package io.dinp.common.testing;

import io.dinp.common.config.ConfigException;
import io.dinp.common.config.Settings;
import io.dinp.common.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What holds for the configuration of every daemon, checked against its example file. */
public final class ConfigContract {
    private final String daemon;
    private final Consumer<Settings> reader;
    private final Path example;

    /**
     * The contract of one daemon.
     *
     * @param daemon short name, {@code server}
     * @param reader reads every key, as the daemon's main does
     * @param example the file that is shipped, relative to the module
     */
    public ConfigContract(String daemon, Consumer<Settings> reader, String example) {
        this.daemon = daemon;
        this.reader = reader;
        this.example = Path.of(example);
    }

    /**
     * The example parses without error, names every key and its environment variable, and shows the defaults.
     *
     * @param examplesOnly keys that must be given and so have no default to show
     */
    public void exampleIsComplete(String... examplesOnly) throws IOException {
        Settings shown = load(Files.readString(example));
        reader.accept(shown);
        shown.verify();
        Settings defaults = load("{}");
        reader.accept(defaults);
        String text = Files.readString(example);
        List<String> wrong = new ArrayList<>();
        defaults.resolved().forEach((key, value) -> {
            String last = key.substring(key.lastIndexOf('.') + 1);
            if (!text.contains("\"" + last + "\"")) {
                wrong.add("the example does not name " + key);
            }
            if (!text.contains(defaults.variable(key))) {
                wrong.add("the example does not name the variable " + defaults.variable(key));
            }
            boolean free = List.of(examplesOnly).contains(key);
            if (!free && !Json.write(value).equals(Json.write(shown.resolved().get(key)))) {
                wrong.add("the example shows " + key + " = " + shown.resolved().get(key) + ", the default is " + value);
            }
        });
        if (!wrong.isEmpty()) {
            throw new AssertionError(String.join("\n", wrong));
        }
    }

    /** Wrong values and unknown keys are all named at once: each of the given texts must be in some message. */
    public void allErrorsAtOnce(String json, String... expected) {
        Settings settings = load(json);
        reader.accept(settings);
        try {
            settings.verify();
        } catch (ConfigException e) {
            for (String text : expected) {
                if (e.errors().stream().noneMatch(error -> error.contains(text))) {
                    throw new AssertionError("no error names " + text + ": " + e.errors(), e);
                }
            }
            return;
        }
        throw new AssertionError("accepted: " + json);
    }

    private Settings load(String json) {
        return Settings.parse(daemon, json, Map.of());
    }
}
