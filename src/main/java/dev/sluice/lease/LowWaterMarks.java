package dev.sluice.lease;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Where in the queue a claim begins to look. Jobs that are done are still in the index for as long as any transaction is
 * open that is older, such as a load of hours, and a claim that begins at the front passes over all of them. So of each party
 * with due jobs it begins a little before the oldest of these that the last claim saw, and it looks for further parties among
 * the jobs that have become due since then. What is due before that (its transaction was slow to commit) is found by looking
 * from the front now and then. That much is all a process would lose with this.
 */
final class LowWaterMarks {
    /** Jobs become visible in another order than they are due, by as much as a short transaction takes. */
    static final Duration SLACK = Duration.ofSeconds(1);

    /** A claim this long after the last such one looks from the front, where a job may have been left behind. */
    static final Duration FROM_THE_FRONT = Duration.ofSeconds(10);

    static final Start FRONT = new Start(Map.of(), OffsetDateTime.MIN);

    private final LongSupplier nanoTime;
    private Start last = FRONT;
    private long next;

    LowWaterMarks(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.next = nanoTime.getAsLong();
    }

    /**
     * Where a claim begins.
     *
     * @param parties since when jobs of each are looked for
     * @param others since when jobs of any party are looked for
     */
    record Start(Map<String, OffsetDateTime> parties, OffsetDateTime others) {}

    /** Where the next claim begins. */
    synchronized Start next() {
        long now = nanoTime.getAsLong();
        if (now - next >= 0) {
            next = now + FROM_THE_FRONT.toNanos();
            return FRONT;
        }
        return last;
    }

    /**
     * Notes what a claim saw.
     *
     * @param due since when the oldest due job of each party was due
     * @param at the time of the claim
     */
    synchronized void saw(Map<String, OffsetDateTime> due, OffsetDateTime at) {
        Map<String, OffsetDateTime> parties = HashMap.newHashMap(due.size());
        due.forEach((party, since) -> parties.put(party, since.minus(SLACK)));
        last = new Start(parties, at.minus(SLACK));
    }
}
