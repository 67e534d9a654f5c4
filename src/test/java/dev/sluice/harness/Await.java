package dev.sluice.harness;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other processes bring about. */
public final class Await {
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

    private Await() {}

    /** Returns as soon as {@code condition} holds, and fails when it does not within {@code limit}. */
    public static void until(String what, Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            LockSupport.parkNanos(PAUSE);
        }
    }
}
