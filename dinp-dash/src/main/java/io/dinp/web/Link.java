package io.dinp.web;

/** An entry of the navigation. */
public record Link(String href, String text) {}
