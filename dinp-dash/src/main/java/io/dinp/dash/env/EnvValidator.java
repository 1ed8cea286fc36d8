package io.dinp.dash.env;

import io.dinp.web.Fields;
import java.util.Set;
import java.util.regex.Pattern;

/** The form "add a variable". */
public final class EnvValidator {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
    private static final Set<String> PLATFORM = Set.of("APP_NAME", "HOST_IP", "SCRIBE_IP", "SCRIBE_PORT");
    private static final int LONGEST_NAME = 128;
    private static final int LONGEST_VALUE = 1024;

    /** A checked variable. */
    public record Variable(String name, String value) {}

    private EnvValidator() {}

    /** Checks the fields {@code k} and {@code v}. */
    public static Variable add(Fields form) {
        String name = form.required("k", LONGEST_NAME);
        String value = form.verbatim("v");
        if (!NAME.matcher(name).matches()) {
            form.reject("k", "a name has letters, digits and _, and starts with no digit; '" + name + "' has not");
        } else if (PLATFORM.contains(name)) {
            form.reject("k", name + " is set by the platform itself");
        }
        if (value.length() > LONGEST_VALUE || value.indexOf('\0') >= 0) {
            form.reject("v", "a value has at most " + LONGEST_VALUE + " characters and no NUL");
        }
        form.verify();
        return new Variable(name, value);
    }
}
