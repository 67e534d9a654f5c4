package dev.sluice.lease;

/**
 * A queued job that was taken.
 *
 * @param party whom it is for
 */
public record Claim(Lease lease, String party) {}
