package dev.sluice.outbound;

/** What a source answered when nothing was wrong. */
public sealed interface Fetched permits NotModified, Content {}
