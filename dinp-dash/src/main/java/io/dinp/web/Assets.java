package io.dinp.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.CRC32;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/** The few files that pages load, read once from the class path; browsers keep them and ask whether they changed. */
final class Assets {
    private static final Map<String, String> FILES = Map.of(
            "/static/dinp.css", "text/css; charset=UTF-8",
            "/static/dinp.js", "text/javascript; charset=UTF-8",
            "/static/favicon.svg", "image/svg+xml");

    private record Asset(String type, byte[] bytes, String tag) {}

    private final Map<String, Asset> assets = new HashMap<>();

    Assets() {
        FILES.forEach((path, type) -> assets.put(path, load(path, type)));
    }

    boolean has(String target) {
        return assets.containsKey(target);
    }

    void serve(String target, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Asset asset = assets.get(target);
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("ETag", asset.tag());
        if (asset.tag().equals(request.getHeader("If-None-Match"))) {
            response.setStatus(304);
            return;
        }
        response.setContentType(asset.type());
        response.setContentLength(asset.bytes().length);
        response.getOutputStream().write(asset.bytes());
    }

    private static Asset load(String path, String type) {
        try (InputStream in = Assets.class.getResourceAsStream("/webapp" + path)) {
            byte[] bytes = in.readAllBytes();
            CRC32 sum = new CRC32();
            sum.update(bytes);
            return new Asset(type, bytes, '"' + HexFormat.of().toHexDigits(sum.getValue()) + '"');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
