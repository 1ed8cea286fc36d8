package io.dinp.common.sso;

import io.dinp.common.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * CSRF tokens that belong to one {@code sig} and need no store: an HMAC of it under the service's secret. So they stay
 * valid over restarts, and many open pages of one session do not use up each other's token.
 */
public final class CsrfTokens {
    /** Name of the form field in every form that changes something. */
    public static final String FIELD = "csrf";

    /** Name of the request header that scripts may send in place of the field. */
    public static final String HEADER = "X-Csrf-Token";

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /**
     * Tokens under {@code secret}.
     *
     * @param service keeps the tokens of two services that share the secret apart
     */
    public CsrfTokens(String service, Secret secret) {
        this.key = new SecretKeySpec((service + ":csrf:" + secret.value()).getBytes(StandardCharsets.UTF_8), ALGORITHM);
    }

    /** The token of the session {@code sig}, 64 hexadecimal digits. */
    public String of(String sig) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(sig.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /** Whether {@code token} (null allowed) is that of {@code sig}; takes the same time for every wrong one. */
    public boolean matches(String sig, String token) {
        return token != null
                && MessageDigest.isEqual(
                        of(sig).getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }
}
