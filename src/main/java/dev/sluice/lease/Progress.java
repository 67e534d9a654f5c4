package dev.sluice.lease;

/** How far a leased job is, in bytes and rows. */
public record Progress(Lease lease, long bytes, long rows) {}
