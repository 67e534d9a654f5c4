package dev.sluice.platform;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** Takes a step again and again on a thread of its own, with a pause whenever a step had nothing left to do. */
final class RunUntilShutdown implements Runnable {
    private static final Logger LOG = Logger.getLogger(RunUntilShutdown.class);

    private final String name;
    private final Duration pause;
    private final BooleanSupplier step;
    private final CountDownLatch shutdown = new CountDownLatch(1);
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
            do {
                while (shutdown.getCount() > 0 && runOnce()) {}
            } while (!shutdown.await(pause.toMillis(), TimeUnit.MILLISECONDS));
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

    void stop() {
        shutdown.countDown();
    }
}
