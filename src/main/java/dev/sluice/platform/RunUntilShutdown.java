package dev.sluice.platform;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** Takes a step again and again on a thread of its own, with a pause whenever a step had nothing left to do. */
final class RunUntilShutdown implements Runnable, Background.Loop {
    private static final Logger LOG = Logger.getLogger(RunUntilShutdown.class);

    private final String name;
    private final Duration pause;
    private final BooleanSupplier step;
    private final Semaphore woken = new Semaphore(0);
    private volatile boolean shutdown;
    private boolean failing;

    /**
     * @param step true if there may be more to do at once
     */
    RunUntilShutdown(String name, Duration pause, BooleanSupplier step) {
        this.name = name;
        this.pause = pause;
        this.step = step;
    }

    @Override
    public void run() {
        try {
            while (!shutdown) {
                woken.drainPermits(); // before the step: what comes during it is not missed
                while (!shutdown && runOnce()) {}
                if (!shutdown && woken.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    woken.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes one step. A failure, such as a database that restarts, is logged when it begins; the next step tries again. */
    boolean runOnce() {
        try {
            boolean more = step.getAsBoolean();
            failing = false;
            return more;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warnf(e, "%s failed and will be tried again every %s", name, pause);
            }
            failing = true;
            return false;
        }
    }

    @Override
    public void wake() {
        woken.release();
    }

    void stop() {
        shutdown = true;
        wake();
    }
}
