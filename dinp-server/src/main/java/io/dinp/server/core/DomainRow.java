package io.dinp.server.core;

/** One bound row of {@code domain}: a custom host name and the app that shall answer it. */
public record DomainRow(String domain, String appName) {}
