package dev.sluice.ingest;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;

/** Holds a source to the least rate: its bytes over the time that was spent waiting for them. Not thread-safe. */
final class MinimumRate {
    private final LoadConfig limits;
    private long waitedNanos;

    MinimumRate(LoadConfig limits) {
        this.limits = limits;
    }

    /**
     * Notes a wait.
     *
     * @param bytes of the source so far
     * @throws ProblemException {@code SOURCE_TOO_SLOW}
     */
    void check(long nanos, long bytes) {
        waitedNanos += nanos;
        if (waitedNanos > limits.minimumRateAfter().toNanos()
                && bytes < waitedNanos / 1e9 * limits.minimumRate().asLongValue()) {
            throw new ProblemException(
                    ErrorCode.SOURCE_TOO_SLOW,
                    "After " + waitedNanos / 1_000_000_000 + " s of waiting there were " + bytes
                            + " bytes; the least is " + limits.minimumRate().asLongValue() + " a second.");
        }
    }
}
