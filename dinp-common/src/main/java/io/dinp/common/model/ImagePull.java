package io.dinp.common.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * In a beat: what has become of an {@link ImageOrder}.
 *
 * @param image text of the order
 * @param digest that of the order, or, once a tag has been pulled, what it gave; empty for an image that never was in a registry
 * @param wish that of the order
 * @param reason for a person: why it failed
 */
public record ImagePull(
        @JsonProperty("Image") String image,
        @JsonProperty("Digest") String digest,
        @JsonProperty("Wish") String wish,
        @JsonProperty("State") PullState state,
        @JsonProperty("Reason") String reason) {

    public ImagePull {
        image = orEmpty(image);
        digest = orEmpty(digest);
        wish = orEmpty(wish);
        state = state == null ? PullState.PULLING : state;
        reason = orEmpty(reason);
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
