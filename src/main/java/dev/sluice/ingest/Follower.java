package dev.sluice.ingest;

import dev.sluice.ingest.Signal.Notice;
import dev.sluice.platform.identity.StillAllowed;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The buffer between the reader of events and one client: filled by one thread, emptied by another, and bounded. It keeps
 * {@link #CAPACITY} events at most; the others stay in Redis until the client has caught up.
 */
final class Follower {
    static final int CAPACITY = 64;

    private final UUID ingest;
    private final StillAllowed allowed;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private volatile StreamId position;
    private volatile boolean heard = true;

    /** @param allowed whether its client may go on */
    Follower(UUID ingest, StreamId position, StillAllowed allowed) {
        this.ingest = ingest;
        this.position = position;
        this.allowed = allowed;
    }

    StillAllowed allowed() {
        return allowed;
    }

    UUID ingest() {
        return ingest;
    }

    /** The last event it was offered. */
    StreamId position() {
        return position;
    }

    /** Goes on after that event. Not while the reader fills this. */
    void resume(StreamId after) {
        position = after;
    }

    /** Adds an event unless it had it before; false if there is no room, and then it has to resume. */
    boolean offer(Signal.Event event) {
        heard = true;
        if (!event.id().isAfter(position)) {
            return true;
        }
        if (signals.size() >= CAPACITY) {
            return false;
        }
        signals.add(event);
        position = event.id();
        return true;
    }

    /** Whether nothing came since the last time this was asked. */
    boolean silent() {
        boolean silent = !heard && signals.isEmpty();
        heard = false;
        return silent;
    }

    void add(Notice notice) {
        signals.add(notice);
    }

    /** The next signal, or {@link Notice#SILENCE} when none came in that time. */
    Signal next(Duration wait) throws InterruptedException {
        Signal next = signals.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        return next == null ? Notice.SILENCE : next;
    }
}
