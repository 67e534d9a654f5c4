package dev.sluice.platform.share;

import dev.sluice.platform.identity.Caller;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * Places that callers take in turn. One caller has at most its share of them, so that the others find places left. A caller
 * that has its share waits for a place of its own, and no other caller waits behind it. Without keys there is one caller, who
 * may have all.
 */
public final class Shares {
    private final int all;
    private final int share;
    private final Semaphore places;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Own> callers = new HashMap<>();

    /**
     * @param places in all
     * @param share of them that one caller may have; at least 1
     */
    public Shares(int places, int share) {
        if (share < 1) {
            throw new IllegalArgumentException("A share of " + share + " places is none.");
        }
        this.all = places;
        this.share = share;
        this.places = new Semaphore(places, true);
    }

    /** Places of which one caller may have all but one, which is for the others; or the one that there is. */
    public static Shares allButOne(int places) {
        return new Shares(places, Math.max(1, places - 1));
    }

    /** The share of one caller, for as long as the caller has a place or waits for one. */
    private static final class Own {
        private final Semaphore places;
        private final AtomicInteger waiting = new AtomicInteger();
        private int uses;

        private Own(int share) {
            this.places = new Semaphore(share, true);
        }
    }

    /**
     * Takes a place, and waits for it.
     *
     * @param caller the id of who takes it
     * @return none if none was free in time, or if the thread was interrupted
     */
    public Optional<Place> take(String caller, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        Own own = use(caller);
        boolean hasOwn = false;
        boolean taken = false;
        boolean waits = false;
        try {
            hasOwn = own.places.tryAcquire(0, TimeUnit.NANOSECONDS);
            taken = hasOwn && places.tryAcquire(0, TimeUnit.NANOSECONDS);
            if (!taken) {
                own.waiting.incrementAndGet();
                waits = true;
                hasOwn = hasOwn || own.places.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                taken = hasOwn && places.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (waits) {
                own.waiting.decrementAndGet();
            }
            if (!taken) {
                leave(caller, own, hasOwn);
            }
        }
        return taken ? Optional.of(new Place(caller, own)) : Optional.empty();
    }

    /**
     * The same, and gives up early when others need what the caller holds while it waits.
     *
     * @param look how often it is asked whether they do; the caller is then the last of those that wait again
     */
    public Optional<Place> take(String caller, Duration patience, Duration look, BooleanSupplier isNeeded) {
        Duration left = patience;
        for (; left.compareTo(look) > 0; left = left.minus(look)) {
            Optional<Place> place = take(caller, look);
            if (place.isPresent()
                    || isNeeded.getAsBoolean()
                    || Thread.currentThread().isInterrupted()) {
                return place;
            }
        }
        return take(caller, left);
    }

    private Own use(String caller) {
        lock.lock();
        try {
            Own own = callers.computeIfAbsent(caller, id -> new Own(id.equals(Caller.ANYBODY.id()) ? all : share));
            own.uses++;
            return own;
        } finally {
            lock.unlock();
        }
    }

    private void leave(String caller, Own own, boolean hasPlace) {
        if (hasPlace) {
            own.places.release();
        }
        lock.lock();
        try {
            if (--own.uses == 0) {
                callers.remove(caller);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether a caller waits for a place already. */
    public boolean isAwaited(String caller) {
        lock.lock();
        try {
            Own own = callers.get(caller);
            return own != null && own.waiting.get() > 0;
        } finally {
            lock.unlock();
        }
    }

    /** The callers that have their whole share, as long as none waits. */
    public Set<String> exhausted() {
        lock.lock();
        try {
            return callers.entrySet().stream()
                    .filter(c -> c.getValue().places.availablePermits() == 0)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        } finally {
            lock.unlock();
        }
    }

    /** How many places are taken. */
    public int taken() {
        return all - places.availablePermits();
    }

    /** How many callers have places or wait for them. */
    int callers() {
        lock.lock();
        try {
            return callers.size();
        } finally {
            lock.unlock();
        }
    }

    /** How many places a caller has or waits for. */
    int uses(String caller) {
        lock.lock();
        try {
            Own own = callers.get(caller);
            return own == null ? 0 : own.uses;
        } finally {
            lock.unlock();
        }
    }

    /** A place that was taken. */
    public final class Place implements AutoCloseable {
        private final String caller;
        private final Own own;
        private final AtomicBoolean given = new AtomicBoolean();

        private Place(String caller, Own own) {
            this.caller = caller;
            this.own = own;
        }

        /** Gives it back; may be called more than once. */
        @Override
        public void close() {
            if (given.getAndSet(true)) {
                return;
            }
            places.release();
            leave(caller, own, true);
        }
    }
}
