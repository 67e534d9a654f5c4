package dev.sluice.lease;

import java.util.UUID;

/**
 * The right to work on a job, for as long as it is renewed.
 *
 * @param token fences off whoever held the job before: every claim gets a greater one
 */
public record Lease(UUID job, long token) {}
