package io.dinp.builder.http;

import io.dinp.builder.core.BuildFailed;
import io.dinp.builder.core.PublicAddress;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * Fetches an archive from an address that a user named. Each step of a redirect is looked at anew: only http and https,
 * and only public addresses unless the configuration allows others, since the builder stands where internal ports are
 * reachable. A name is looked up once a step and the connection goes to the very address that was judged, so a name that
 * answers something else a moment later leads nowhere. The whole fetch ends with the build's own deadline, by interruption,
 * which is why no stream is read here: the JDK's body streams ignore it.
 */
public final class TarballDownload {
    private static final int OK = 200;
    private static final int MOST_REDIRECTS = 5;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private static final String HOST = "Host";

    static {
        // The request goes to an address and says its host itself; the JDK reads this at its client's first use in the
        // process.
        System.getProperties().putIfAbsent("jdk.httpclient.allowRestrictedHeaders", "host");
        HttpRequest.newBuilder().header(HOST, "refused here, at the start, when it was too late");
    }

    /** Looks up the addresses of a host. */
    interface Resolver {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final long limitBytes;
    private final boolean allowPrivate;
    private final Resolver resolver;
    private final TrustManager[] trust;

    /**
     * A downloader.
     *
     * @param limitBytes size of the largest archive
     * @param allowPrivate whether addresses that are not public may be fetched from
     */
    public TarballDownload(long limitBytes, boolean allowPrivate) {
        this(limitBytes, allowPrivate, InetAddress::getAllByName, null);
    }

    /** With a resolver and trust of a test's own; null trusts whom the JDK trusts. */
    TarballDownload(long limitBytes, boolean allowPrivate, Resolver resolver, TrustManager[] trust) {
        this.limitBytes = limitBytes;
        this.allowPrivate = allowPrivate;
        this.resolver = resolver;
        this.trust = trust;
    }

    /** Fetches {@code url} into {@code target}; the size in bytes is the answer. */
    public long fetch(String url, Path target) throws BuildFailed, InterruptedException {
        URI uri = parse(url);
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            HttpResponse<Long> answer = get(uri, addressOf(uri), target);
            if (!REDIRECTS.contains(answer.statusCode())) {
                checkStatus(uri, answer.statusCode());
                return answer.body();
            }
            uri = redirect(uri, answer);
        }
        throw new BuildFailed("the archive cannot be fetched: more than " + MOST_REDIRECTS + " redirects");
    }

    private HttpResponse<Long> get(URI uri, InetAddress address, Path target) throws BuildFailed, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(at(address, uri))
                .timeout(ANSWER)
                .header(HOST, uri.getHost() + port(uri))
                .header("User-Agent", "dinp-builder")
                .build();
        try {
            return client(uri.getHost())
                    .send(
                            request,
                            head -> head.statusCode() == OK
                                    ? new BoundedFile(target, limitBytes)
                                    : HttpResponse.BodySubscribers.replacing(0L));
        } catch (IOException e) {
            if (e instanceof BoundedFile.TooLarge || e.getCause() instanceof BoundedFile.TooLarge) {
                throw new BuildFailed("the archive is larger than " + (limitBytes >> 20) + " MiB", e);
            }
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new BuildFailed("the archive cannot be fetched from " + uri.getHost() + ": " + why, e);
        }
    }

    /** Of one host only, since it offers and checks the host's name in TLS although it connects to an address. */
    private HttpClient client(String host) throws BuildFailed {
        SSLContext tls = freshTls();
        SSLParameters parameters = tls.getDefaultSSLParameters();
        try {
            parameters.setServerNames(
                    host.matches("\\[.*|[0-9.]+") ? List.of() : List.of(new SNIHostName(host.replaceAll("\\.$", ""))));
        } catch (IllegalArgumentException e) {
            throw new BuildFailed("tarball: '" + host + "' is no name of a host", e);
        }
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(tls)
                .sslParameters(parameters)
                .build();
    }

    private static URI at(InetAddress address, URI uri) {
        String literal = address.getHostAddress().replaceAll("%.*", "");
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return URI.create(uri.getScheme() + "://" + (address instanceof Inet6Address ? "[" + literal + "]" : literal)
                + port(uri) + uri.getRawPath() + query);
    }

    private static String port(URI uri) {
        return uri.getPort() < 0 ? "" : ":" + uri.getPort();
    }

    /** The address to connect to; all of the host's must be public when one has to be. */
    private InetAddress addressOf(URI uri) throws BuildFailed {
        try {
            InetAddress[] addresses = resolver.addresses(uri.getHost());
            if (!allowPrivate && !Arrays.stream(addresses).allMatch(PublicAddress::isPublic)) {
                throw new BuildFailed(
                        "tarball: '" + uri.getHost()
                                + "' is not on the public internet, upload the file instead (or ask the operator for allowPrivateTarballs)");
            }
            return addresses[0];
        } catch (UnknownHostException e) {
            throw new BuildFailed("tarball: the host '" + uri.getHost() + "' is not known, check the address", e);
        }
    }

    /** Without sessions: one is kept by address, and would be resumed for another host there without a look at the certificate. */
    private SSLContext freshTls() {
        try {
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust, null);
            return tls;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no TLS", e);
        }
    }

    private static URI redirect(URI from, HttpResponse<?> answer) throws BuildFailed {
        String location = answer.headers()
                .firstValue("location")
                .orElseThrow(() -> new BuildFailed(from.getHost() + " redirects to nowhere"));
        return parse(from.resolve(location).toString());
    }

    private static void checkStatus(URI uri, int status) throws BuildFailed {
        if (status != OK) {
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
