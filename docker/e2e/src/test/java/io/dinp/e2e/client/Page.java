package io.dinp.e2e.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer of dashboard, builder or uic.
 *
 * @param uri that was asked for last
 * @param location where a redirect leads; empty for other answers
 */
public record Page(URI uri, int status, String location, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern HIDDEN =
            Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"");

    /** The hidden fields of the page's forms. */
    public Map<String, String> hidden() {
        Map<String, String> fields = new LinkedHashMap<>();
        Matcher inputs = HIDDEN.matcher(body);
        while (inputs.find()) {
            fields.put(inputs.group(1), unescaped(inputs.group(2)));
        }
        return fields;
    }

    /** The answer as JSON. */
    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError(uri + " answers " + status + " and no JSON: " + body, e);
        }
    }

    /** The answer's {@code msg}: empty when all is well. */
    public String message() {
        return json().path("msg").asText("no msg in " + body);
    }

    private static String unescaped(String text) {
        return text.replace("&quot;", "\"")
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
    }
}
