package io.dinp.common.sso;

import com.fasterxml.jackson.databind.JsonNode;
import io.dinp.common.config.Secret;
import io.dinp.common.http.JsonClient;
import io.dinp.common.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A service's side of the sign-on by uic (contract, "Dashboard and UIC").
 *
 * <p>The course of a sign-on: {@link #newSig()} goes into the cookie {@value #COOKIE}; the browser is sent to
 * {@link #loginUrl}; uic sends it back with a one-time ticket; {@link #attach} exchanges that for the session, and only
 * the browser that holds the cookie can bring it. From then on {@link #user} answers.
 *
 * <p>Users are remembered for a few seconds, so a page with many requests asks uic once; a blocked user or one signed
 * out elsewhere is noticed after that time. All methods throw {@link SsoUnavailable} when uic does not answer.
 */
public final class SsoClient {
    /** The cookie that carries the {@code sig}; HttpOnly and SameSite=Lax are the service's part. */
    public static final String COOKIE = "sig";

    private static final Pattern SIG = Pattern.compile("[0-9A-Za-z]{32}");
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final int MOST_REMEMBERED = 10_000;
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;

    private record Known(SsoUser user, long untilNanos) {}

    private final JsonClient http = new JsonClient("uic", new Secret(""), TIMEOUT);
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final String internal;
    private final String external;
    private final Secret token;

    /**
     * A client of one uic.
     *
     * @param internal where this service reaches uic
     * @param external where the user's browser reaches uic
     * @param token the secret that uic shares with its services
     */
    public SsoClient(URI internal, URI external, Secret token) {
        this.internal = withoutSlash(internal);
        this.external = withoutSlash(external);
        this.token = token;
    }

    /** A fresh random sig, not signed on. */
    public String newSig() {
        String sig = ask("/sso/sig", "").orElse("").strip();
        if (!isSig(sig)) {
            throw new SsoUnavailable("uic gave no sig at /sso/sig: is its token the same as ours?", null);
        }
        return sig;
    }

    /** Where to send the browser for signing on; {@code callback} is absolute and of an origin that uic knows. */
    public URI loginUrl(String sig, String callback) {
        return URI.create(external + "/auth/login?sig=" + encode(sig) + "&callback=" + encode(callback));
    }

    /** Binds the signed-on user to {@code sig}; false when the ticket is wrong, used, too old or of another sig. */
    public boolean attach(String sig, String ticket) {
        if (!isSig(sig) || ticket == null || ticket.isEmpty()) {
            return false;
        }
        known.remove(sig);
        return ask("/sso/attach/" + sig, "&ticket=" + encode(ticket)).isPresent();
    }

    /** The user signed on under {@code sig} (null allowed); empty when there is none, or a blocked one. */
    public Optional<SsoUser> user(String sig) {
        if (!isSig(sig)) {
            return Optional.empty();
        }
        Known cached = known.get(sig);
        if (cached != null && cached.untilNanos() - System.nanoTime() > 0) {
            return Optional.of(cached.user());
        }
        return userNow(sig);
    }

    /** Like {@link #user}, without what is remembered: for changes, which a blocked user must not make even for seconds. */
    public Optional<SsoUser> userNow(String sig) {
        if (!isSig(sig)) {
            return Optional.empty();
        }
        known.remove(sig);
        Optional<SsoUser> user = ask("/sso/user/" + sig, "").flatMap(SsoClient::userOf);
        user.ifPresent(found -> remember(sig, found));
        return user;
    }

    /** Ends all sessions of the user signed on under {@code sig}, as the contract has it. */
    public void logout(String sig) {
        if (!isSig(sig)) {
            return;
        }
        known.remove(sig);
        ask("/sso/logout/" + sig, "");
    }

    /** The teams of a user, none for an unknown one. */
    public List<SsoTeam> teams(int userId) {
        List<SsoTeam> teams = new ArrayList<>();
        ask("/team/mine/" + userId, "")
                .map(SsoClient::tree)
                .ifPresent(answer -> answer.path("teams")
                        .forEach(t -> teams.add(
                                new SsoTeam(t.path("id").asInt(), t.path("name").asText()))));
        return List.copyOf(teams);
    }

    private Optional<String> ask(String path, String moreQuery) {
        URI uri = URI.create(internal + path + "?token=" + encode(token.value()) + moreQuery);
        try {
            JsonClient.Response answer = http.send("GET", uri, null);
            if (answer.status() == NOT_FOUND) {
                return Optional.empty();
            }
            if (answer.status() != OK) {
                throw new SsoUnavailable(
                        "uic answered " + answer.status() + " to " + path.replaceAll("[^/]*$", "…"), null);
            }
            return Optional.of(answer.text());
        } catch (IOException e) {
            throw new SsoUnavailable("uic does not answer at " + internal, e);
        }
    }

    private void remember(String sig, SsoUser user) {
        long now = System.nanoTime();
        if (known.size() >= MOST_REMEMBERED) {
            known.values().removeIf(k -> k.untilNanos() - now <= 0);
        }
        if (known.size() < MOST_REMEMBERED) {
            known.put(sig, new Known(user, now + REMEMBERED.toNanos()));
        }
    }

    private static Optional<SsoUser> userOf(String body) {
        JsonNode user = tree(body).path("user");
        if (!user.path("id").canConvertToInt() || user.path("id").asInt() <= 0) {
            return Optional.empty();
        }
        SsoUser found = new SsoUser(
                user.path("id").asInt(),
                user.path("name").asText(),
                user.path("cnname").asText(),
                user.path("email").asText(),
                user.path("role").asInt());
        return found.isBlocked() ? Optional.empty() : Optional.of(found);
    }

    private static JsonNode tree(String body) {
        try {
            return Json.read(body, JsonNode.class);
        } catch (IOException e) {
            throw new SsoUnavailable("uic gave an answer that is no JSON", e);
        }
    }

    private static boolean isSig(String text) {
        return text != null && SIG.matcher(text).matches();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String withoutSlash(URI uri) {
        return uri.toString().replaceAll("/+$", "");
    }
}
