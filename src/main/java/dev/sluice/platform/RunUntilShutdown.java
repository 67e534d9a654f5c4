package dev.sluice.platform;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Takes a step again and again on a thread of its own, with a pause whenever a step had nothing left to do. */
final class RunUntilShutdown implements Runnable, Background.Loop {
    private static final Logger LOG = Logger.getLogger(RunUntilShutdown.class);

    private final String name;
    private final Duration pause;
    private final BooleanSupplier step;
    private final Consumer<Error> end;
    private final Semaphore woken = new Semaphore(0);
    private volatile boolean shutdown;
    private boolean failing;

    /**
     * @param step true if there may be more to do at once
     * @param end what to do on an error, after which there are no more steps
     */
    RunUntilShutdown(String name, Duration pause, BooleanSupplier step, Consumer<Error> end) {
        this.name = name;
        this.pause = pause;
        this.step = step;
        this.end = end;
    }

    /** An error, such as no memory, ends the process: without this loop it would live on and do half of its work. */
    @Override
    public void run() {
        try {
            loop();
        } catch (Error e) {
            end.accept(e);
        }
    }

    private void loop() {
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
