package dev.sluice.ingest;

import dev.sluice.ingest.ProgressEvent.Stage;
import dev.sluice.platform.Background;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The ingests this process works on right now, and the announcer of their progress. Thread-safe. */
@ApplicationScoped
class RunningIngests {
    private final Map<UUID, Announced> running = new ConcurrentHashMap<>();
    private final Events events;
    private int expected;
    private volatile boolean handingBack;

    RunningIngests(Events events) {
        this.events = events;
    }

    void start(@Observes StartupEvent event, Background background, EventsConfig config) {
        background.repeat("progress", config.progressEvery(), () -> {
            running.values().forEach(Announced::announce);
            return false;
        });
    }

    /**
     * Counts an ingest that may be claimed now as running, until the result is closed. A process that drains waits for it, even
     * if it is not {@linkplain #add added} yet: a claim that has been committed must not be left behind.
     */
    synchronized Registration expect() {
        expected++;
        return this::expectNoMore;
    }

    private synchronized void expectNoMore() {
        expected--;
        notifyAll();
    }

    /**
     * Announces the progress of an ingest until the result is closed, and its end then. To be closed when the ingest has
     * ended, after the commit that says so.
     */
    Registration add(Running ingest) {
        Announced announced = new Announced(ingest);
        running.put(ingest.lease().job(), announced);
        if (handingBack) {
            ingest.stop(StopSignal.Reason.HANDED_BACK);
        }
        return announced;
    }

    /** Stops what runs, and what is added later; the ingests that were stopped at once. */
    Collection<Running> handBack() {
        handingBack = true;
        List<Running> all = running.values().stream().map(a -> a.ingest).toList();
        all.forEach(ingest -> ingest.stop(StopSignal.Reason.HANDED_BACK));
        return all;
    }

    /** Waits until nothing runs and nothing is expected; false if something still does after {@code patience}. */
    synchronized boolean awaitNone(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!running.isEmpty() || expected > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    private synchronized void remove(Announced ended) {
        running.remove(ended.ingest.lease().job(), ended);
        notifyAll();
    }

    /** While this is open an ingest counts as running. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    private final class Announced implements Registration {
        private final Running ingest;
        private final Pace pace;
        private ProgressEvent last;
        private boolean ended;

        Announced(Running ingest) {
            this.ingest = ingest;
            this.pace = new Pace(System.nanoTime());
        }

        /** Under the same lock as {@link #end}, so that no progress comes after the end. */
        synchronized void announce() {
            if (ended) {
                return;
            }
            ProgressEvent now = pace.at(ingest.bytes(), ingest.totalBytes(), ingest.rows(), System.nanoTime());
            if (!now.sameNumbers(last)) {
                events.progress(ingest.lease().job(), now);
            }
            last = now;
        }

        private synchronized void end() {
            ended = true;
        }

        @Override
        public void close() {
            UUID job = ingest.lease().job();
            remove(this);
            end();
            events.done(job, this::finalProgress);
        }

        private Optional<ProgressEvent> finalProgress(Ingest row) {
            Stage stage = row.state == IngestState.succeeded
                    ? Stage.publishing
                    : Stage.of(row.bytes, ingest.totalBytes(), row.rows);
            return Optional.of(pace.at(row.bytes, ingest.totalBytes(), row.rows, System.nanoTime(), stage));
        }
    }
}
