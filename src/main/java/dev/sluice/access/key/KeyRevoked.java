package dev.sluice.access.key;

/**
 * A key has been revoked, and that is committed.
 *
 * @param key its id
 */
public record KeyRevoked(String key) {}
