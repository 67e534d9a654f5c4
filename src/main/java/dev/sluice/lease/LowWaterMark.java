package dev.sluice.lease;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.function.LongSupplier;

/**
 * Where in the queue a claim begins to look. Jobs that are done are still in the index for as long as any transaction is
 * open that is older, such as a load of hours, and a claim that begins at the front passes over all of them. So it begins a
 * little before the job that this process found last. What is due before that (its claim was rolled back, its transaction
 * was slow to commit) is found by looking from the front now and then. That much is all a process would lose with this.
 */
final class LowWaterMark {
    /** Jobs become visible in another order than they are due, by as much as a short transaction takes. */
    static final Duration SLACK = Duration.ofSeconds(1);

    /** A claim this long after the last such one looks from the front, where a job may have been left behind. */
    static final Duration FROM_THE_FRONT = Duration.ofSeconds(10);

    private static final OffsetDateTime FRONT = OffsetDateTime.MIN;

    private final LongSupplier nanoTime;
    private OffsetDateTime mark = FRONT;
    private long next;

    LowWaterMark(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    /** Where the next claim begins. */
    synchronized OffsetDateTime start() {
        long now = nanoTime.getAsLong();
        if (now - next >= 0) {
            next = now + FROM_THE_FRONT.toNanos();
            return FRONT;
        }
        return mark;
    }

    /** @param due since when the job was due that was found */
    synchronized void found(OffsetDateTime due) {
        mark = due.minus(SLACK);
    }
}
