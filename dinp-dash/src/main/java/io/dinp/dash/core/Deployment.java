package io.dinp.dash.core;

/**
 * What a deploy asks for.
 *
 * @param memory MB an instance
 * @param resume the user's words for the history
 */
public record Deployment(String image, int memory, int instance, String resume) {}
