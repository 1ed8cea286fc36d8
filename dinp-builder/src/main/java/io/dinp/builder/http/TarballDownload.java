package io.dinp.builder.http;

import io.dinp.builder.core.BuildFailed;
import io.dinp.builder.core.PublicAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * Fetches an archive from an address that a user named. Each step of a redirect is looked at anew: only http and https,
 * and only public addresses unless the configuration allows others, since the builder stands where internal ports are
 * reachable. The whole fetch ends with the build's own deadline, by interruption,
 * which is why no stream is read here: the JDK's body streams ignore it.
 */
public final class TarballDownload {
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final long limitBytes;
    private final boolean allowPrivate;

    /**
     * A downloader.
     *
     * @param limitBytes size of the largest archive
     * @param allowPrivate whether addresses that are not public may be fetched from
     */
    public TarballDownload(long limitBytes, boolean allowPrivate) {
        this.limitBytes = limitBytes;
        this.allowPrivate = allowPrivate;
    }

    /** Fetches {@code url} into {@code target}; the size in bytes is the answer. */
    public long fetch(String url, Path target) throws BuildFailed, InterruptedException {
        URI uri = parse(url);
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            checkAddress(uri);
            HttpResponse<Long> answer = get(uri, target);
            if (!REDIRECTS.contains(answer.statusCode())) {
                checkStatus(uri, answer.statusCode());
                return answer.body();
            }
            uri = redirect(uri, answer);
        }
        throw new BuildFailed("the archive cannot be fetched: more than " + MOST_REDIRECTS + " redirects");
    }

    private HttpResponse<Long> get(URI uri, Path target) throws BuildFailed, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(ANSWER)
                .header("User-Agent", "dinp-builder")
                .build();
        try {
            return client.send(request, headers -> new BoundedFile(target, limitBytes));
        } catch (IOException e) {
            if (e instanceof BoundedFile.TooLarge || e.getCause() instanceof BoundedFile.TooLarge) {
                throw new BuildFailed("the archive is larger than " + (limitBytes >> 20) + " MiB", e);
            }
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new BuildFailed("the archive cannot be fetched from " + uri.getHost() + ": " + why, e);
        }
    }

    /**
     * Looks at all addresses of the host. The client resolves the name again, but from the JVM's cache, which holds an
     * answer for 30 s: a name that changes between the two look-ups does not get through.
     */
    private void checkAddress(URI uri) throws BuildFailed {
        if (allowPrivate) {
            return;
        }
        try {
            for (InetAddress address : InetAddress.getAllByName(uri.getHost())) {
                if (!PublicAddress.isPublic(address)) {
                    throw new BuildFailed(
                            "tarball: '" + uri.getHost()
                                    + "' is not on the public internet, upload the file instead (or ask the operator for allowPrivateTarballs)");
                }
            }
        } catch (UnknownHostException e) {
            throw new BuildFailed("tarball: the host '" + uri.getHost() + "' is not known, check the address", e);
        }
    }

    private static URI redirect(URI from, HttpResponse<?> answer) throws BuildFailed {
        String location = answer.headers()
                .firstValue("location")
                .orElseThrow(() -> new BuildFailed(from.getHost() + " redirects to nowhere"));
        return parse(from.resolve(location).toString());
    }

    private static void checkStatus(URI uri, int status) throws BuildFailed {
        if (status != 200) {
            throw new BuildFailed("the archive cannot be fetched: " + uri.getHost() + " answered " + status);
        }
    }

    private static URI parse(String url) throws BuildFailed {
        try {
            URI uri = URI.create(url);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (uri.getHost() == null || !Set.of("http", "https").contains(scheme)) {
                throw new BuildFailed("tarball: '" + url + "' is no http or https address");
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw new BuildFailed("tarball: '" + url + "' is no address: " + e.getMessage(), e);
        }
    }
}
