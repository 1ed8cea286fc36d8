package io.dinp.e2e.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A form with a file, as RFC 7578 has it: the JDK's client has none of its own. */
public final class Multipart {
    private static final String BOUNDARY = "dinp-e2e-boundary-5f2c";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** A form with these fields and one file. */
    public static Multipart of(Map<String, String> fields, String fileName, byte[] file) {
        Multipart form = new Multipart();
        fields.forEach((name, value) -> form.part("name=\"" + name + "\"", value.getBytes(StandardCharsets.UTF_8)));
        form.part("name=\"file\"; filename=\"" + fileName + "\"", file);
        form.text("--" + BOUNDARY + "--\r\n");
        return form;
    }

    String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private void part(String disposition, byte[] content) {
        text("--" + BOUNDARY + "\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n");
        bytes.writeBytes(content);
        text("\r\n");
    }

    private void text(String text) {
        bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
