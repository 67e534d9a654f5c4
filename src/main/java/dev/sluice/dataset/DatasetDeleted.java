package dev.sluice.dataset;

/** A dataset has been deleted, and that is committed. */
public record DatasetDeleted(String name) {}
