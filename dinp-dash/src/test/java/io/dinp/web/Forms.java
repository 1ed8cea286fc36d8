package io.dinp.web;

import java.util.HashMap;
import java.util.Map;

/** Forms as tests write them. */
public final class Forms {
    private Forms() {}

    /** A form of names and values in turn. */
    public static Fields of(String... namesAndValues) {
        Map<String, String> form = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Fields(form::get);
    }
}
