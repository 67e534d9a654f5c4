package dev.sluice.ingest;

import dev.sluice.lease.Leases;
import dev.sluice.platform.Background;
import dev.sluice.platform.ProcessType;
import dev.sluice.platform.Processes;
import dev.sluice.platform.database.CatalogPool;
import dev.sluice.platform.share.Shares;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;

/** Claims queued ingests, as many at once as it has slots. One slot is for other callers than the one that has the rest. */
@ApplicationScoped
class Worker {
    private final Leases leases;
    private final FetchedIngests fetched;
    private final RunningIngests running;
    private final WorkerConfig config;
    private final Doorbell doorbell;
    private final IngestMetrics metrics;
    private final Stages stages;
    private final WorkerName name;
    private final Shares slots;
    private volatile boolean draining;

    Worker(
            Leases leases,
            FetchedIngests fetched,
            RunningIngests running,
            WorkerConfig config,
            Doorbell doorbell,
            IngestMetrics metrics,
            Stages stages,
            WorkerName name) {
        this.leases = leases;
        this.fetched = fetched;
        this.running = running;
        this.config = config;
        this.doorbell = doorbell;
        this.metrics = metrics;
        this.stages = stages;
        this.name = name;
        this.slots = Shares.allButOne(config.slots());
    }

    void start(@Observes StartupEvent event, Processes processes, CatalogPool connections, Background background) {
        if (processes.include(ProcessType.WORKER)) {
            connections.addLong(config.slots());
            Background.Loop loop = background.repeat("worker", config.poll(), this::runOnce);
            doorbell.onWork(loop::wake);
        }
    }

    /** Claims one and begins with it; false if there is none, or no slot for it. On one thread, so that slots stay free. */
    boolean runOnce() {
        RunningIngests.Registration expected = running.expect(); // before it asks whether the process drains
        if (draining || slots.taken() == config.slots()) {
            expected.close();
            return false;
        }
        boolean began = false;
        try {
            long start = System.nanoTime();
            Claimed claimed = QuarkusTransaction.requiringNew()
                    .call(() -> leases.claim(slots.exhausted())
                            .map(c -> Claimed.start(c, name))
                            .orElse(null));
            if (claimed != null) {
                metrics.claimed(Duration.ofNanos(System.nanoTime() - start));
                if (claimed.attempt() == 1 && claimed.handBacks() == 0) {
                    stages.waited(Duration.between(claimed.queuedAt(), Instant.now()));
                }
                Shares.Place slot = slots.take(claimed.party(), Duration.ZERO).orElseThrow();
                Thread.ofPlatform().name("ingest").start(() -> work(claimed, slot, expected));
                began = true;
            }
            return began;
        } finally {
            if (!began) {
                expected.close();
            }
        }
    }

    private void work(Claimed claimed, Shares.Place slot, RunningIngests.Registration expected) {
        try {
            fetched.run(claimed);
        } finally {
            expected.close();
            slot.close();
            doorbell.here();
        }
    }

    /** Claims nothing any more. */
    void drain() {
        draining = true;
    }

    int slotsInUse() {
        return slots.taken();
    }
}
