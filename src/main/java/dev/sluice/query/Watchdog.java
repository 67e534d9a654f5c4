package dev.sluice.query;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Ends what one thread waits for, once it has waited too long for one thing. */
final class Watchdog implements AutoCloseable {
    private static final int LOOKS = 10;

    private final Vertx vertx;
    private final long limit;
    private final Runnable end;
    private final long timer;

    /** Odd while it is waited. */
    private final AtomicLong turns = new AtomicLong();

    private long seen;
    private long since;

    /**
     * Looks after somebody from now on.
     *
     * @param limit of one wait, in tenths of which it looks
     * @param end what to do then, once; not to block
     */
    Watchdog(Vertx vertx, Duration limit, Runnable end) {
        this.vertx = vertx;
        this.limit = limit.toNanos();
        this.end = end;
        this.timer = vertx.setPeriodic(Math.max(1, limit.toMillis() / LOOKS), _ -> look());
    }

    /** A wait begins. */
    void begins() {
        turns.incrementAndGet();
    }

    void ends() {
        turns.incrementAndGet();
    }

    private void look() {
        long now = System.nanoTime();
        long turn = turns.get();
        if (turn % 2 == 0 || turn != seen) {
            seen = turn;
            since = now;
        } else if (now - since >= limit) {
            close();
            end.run();
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
