package dev.sluice.ingest;

import dev.sluice.outbound.SlidingRate;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;

/** Holds a source to the least rate. Not thread-safe. */
final class MinimumRate {
    private final SlidingRate rate;

    MinimumRate(LoadConfig limits) {
        this.rate = new SlidingRate(limits.minimumRate().asLongValue(), limits.minimumRateAfter());
    }

    /**
     * Notes a wait and the bytes that ended it.
     *
     * @throws ProblemException {@code SOURCE_TOO_SLOW}
     */
    void check(long nanos, int bytes) {
        if (!rate.keeps(nanos, bytes)) {
            throw new ProblemException(ErrorCode.SOURCE_TOO_SLOW, rate.toString());
        }
    }
}
