package dev.sluice.outbound;

/** The source still has the content whose validators were sent. */
public record NotModified() implements Fetched {}
