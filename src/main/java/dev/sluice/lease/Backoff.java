package dev.sluice.lease;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before a job is tried again: exponential with full jitter ("Exponential Backoff And Jitter", AWS
 * Architecture Blog, 2015), so that what failed together does not come back together.
 *
 * @param first the longest wait before the second attempt; doubled for each one after it
 * @param most no wait is longer
 */
public record Backoff(Duration first, Duration most) {
    private static final int MAX_DOUBLINGS = 30;

    public Backoff {
        if (first.isNegative() || first.isZero() || most.compareTo(first) < 0) {
            throw new IllegalArgumentException("0 < first <= most");
        }
    }

    /** @param attempt the number of the attempt that failed, from 1 */
    public Duration after(int attempt, RandomGenerator random) {
        long doubled = first.toMillis() << Math.min(attempt - 1, MAX_DOUBLINGS);
        long longest = doubled <= 0 ? most.toMillis() : Math.min(doubled, most.toMillis());
        return Duration.ofMillis(random.nextLong(longest + 1));
    }
}
