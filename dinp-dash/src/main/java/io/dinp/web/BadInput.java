package io.dinp.web;

import java.util.LinkedHashMap;
import java.util.Map;

/** All that is wrong with a form at once, field by field, so that the user corrects it in one go. */
public final class BadInput extends Refusal {
    private static final long serialVersionUID = 1L;
    private static final int BAD_REQUEST = 400;

    private final transient Map<String, String> errors;

    /** @param errors field name to what is wrong and how to put it right, in the form's order */
    public BadInput(Map<String, String> errors) {
        super(BAD_REQUEST, String.join("; ", errors.values()));
        this.errors = new LinkedHashMap<>(errors);
    }

    public Map<String, String> errors() {
        return errors;
    }
}
