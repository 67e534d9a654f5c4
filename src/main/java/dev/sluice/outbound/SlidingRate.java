package dev.sluice.outbound;

import java.time.Duration;

/**
 * Whether a source keeps a least rate, by the bytes that came in the newest part of the time that was spent waiting for them:
 * what came fast before does not make up for a trickle. This window slides by sixteenths of itself, so its memory is
 * constant. Not thread-safe.
 */
public final class SlidingRate {
    private static final int PARTS = 16;

    private final long least;
    private final long part;
    private final long[] bytes = new long[PARTS + 1]; // of the part that goes on, and of the parts before it
    private long waited;
    private long sum;
    private long over;

    /**
     * @param least bytes a second
     * @param window of waiting; before it is full no rate is too low
     */
    public SlidingRate(long least, Duration window) {
        this.least = least;
        this.part = Math.max(1, window.toNanos() / PARTS);
    }

    /**
     * Notes a wait.
     *
     * @param nanos how long it was
     * @param received bytes that ended it
     * @return whether the source is fast enough
     */
    public boolean keeps(long nanos, long received) {
        long before = waited / part;
        waited += nanos;
        long now = waited / part;
        for (long i = Math.max(before, now - bytes.length) + 1; i <= now; i++) {
            int slot = slot(i);
            sum -= bytes[slot];
            bytes[slot] = 0;
        }
        bytes[slot(now)] += received;
        sum += received;
        over = Math.max(nanos, PARTS * part + waited % part);
        return now < PARTS || sum >= over / 1e9 * least;
    }

    private int slot(long i) {
        return (int) (i % bytes.length);
    }

    /** What was found at the end of the last wait. */
    @Override
    public String toString() {
        return "In the last " + over / 1_000_000_000 + " s of waiting there came " + sum + " bytes; the least is "
                + least + " a second.";
    }
}
