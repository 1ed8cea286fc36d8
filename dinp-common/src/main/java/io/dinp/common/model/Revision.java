package io.dinp.common.model;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an instance is made from. Two instances of one revision are interchangeable; any difference is a deploy.
 *
 * @param id SHA-256 over everything but the digest, in hexadecimal
 * @param digest the image's content, {@code sha256:…}, or empty until the first pull has told it
 * @param memoryMb memory limit in MB
 * @param deploySeq raised to redeploy without another change
 */
public record Revision(
        String id,
        String app,
        String image,
        String digest,
        int memoryMb,
        SortedMap<String, String> env,
        int deploySeq) {

    public Revision {
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
    }

    /** The revision of these inputs; equal inputs have the same id on every server. */
    public static Revision of(String app, String image, int memoryMb, SortedMap<String, String> env, int deploySeq) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        put(text, app);
        put(text, image);
        put(text, Integer.toString(memoryMb));
        put(text, Integer.toString(deploySeq));
        env.forEach((key, value) -> {
            put(text, key);
            put(text, value);
        });
        String id = HexFormat.of().formatHex(sha256().digest(text.toByteArray()));
        return new Revision(id, app, image, "", memoryMb, env, deploySeq);
    }

    /** The same revision with its image's content known. */
    public Revision withDigest(String known) {
        return new Revision(id, app, image, known, memoryMb, env, deploySeq);
    }

    /** The id's first eight digits, for people. */
    public String shortId() {
        return id.substring(0, Math.min(8, id.length()));
    }

    /** Every field goes in with its length before it, so that no two inputs have the same text. */
    private static void put(ByteArrayOutputStream text, String field) {
        byte[] bytes = field.getBytes(StandardCharsets.UTF_8);
        text.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        text.writeBytes(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Without the env's values, which may be secrets. */
    @Override
    public String toString() {
        return "Revision[" + shortId() + " " + app + " " + image + " " + memoryMb + "MB env=" + env.keySet() + " seq="
                + deploySeq + "]";
    }
}
