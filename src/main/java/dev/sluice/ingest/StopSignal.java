package dev.sluice.ingest;

import java.util.Optional;

/** Lets any thread end work that another thread does, also while that waits for its source. */
final class StopSignal {
    /** Why work is ended before its time. */
    enum Reason {
        /** Somebody asked for it. */
        CANCELLED,
        /** The lease is over: another process may have it. */
        LOST,
        /** The process shuts down; another will do it. */
        HANDED_BACK
    }

    private Reason reason;
    private Thread waiting;

    /** The first reason counts. */
    synchronized void stop(Reason why) {
        if (reason != null) {
            return;
        }
        reason = why;
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    synchronized Optional<Reason> reason() {
        return Optional.ofNullable(reason);
    }

    /** What is done on the calling thread until {@link #leave} is interrupted by a stop. */
    synchronized void enter() throws StoppedException {
        if (reason != null) {
            throw new StoppedException();
        }
        waiting = Thread.currentThread();
    }

    /** Leaves no interrupt behind that this signal caused. */
    synchronized void leave() {
        waiting = null;
        if (reason != null) {
            Thread.interrupted();
        }
    }
}
