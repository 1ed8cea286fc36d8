package io.dinp.common.config;

import java.util.List;

/** Everything that is wrong with a configuration, told at once. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> errors;

    /** One message for each wrong key. */
    public ConfigException(List<String> errors) {
        super(String.join("; ", errors));
        this.errors = List.copyOf(errors);
    }

    /** Each message names the key, the value and the remedy. */
    public List<String> errors() {
        return errors;
    }
}
