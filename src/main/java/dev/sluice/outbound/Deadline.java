package dev.sluice.outbound;

import java.time.Duration;

/**
 * When a fetch must be over.
 *
 * @param nanos of {@link System#nanoTime()}
 */
record Deadline(long nanos) {
    static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos());
    }

    boolean isOver() {
        return nanos - System.nanoTime() <= 0;
    }

    /** How long may be waited, if nothing else may take longer than {@code atMost}; zero once it is over. */
    Duration within(Duration atMost) {
        long left = Math.max(0, nanos - System.nanoTime());
        return left < atMost.toNanos() ? Duration.ofNanos(left) : atMost;
    }
}
