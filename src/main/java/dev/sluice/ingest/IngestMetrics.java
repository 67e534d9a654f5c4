package dev.sluice.ingest;

import dev.sluice.lease.Leases;
import dev.sluice.platform.ProcessType;
import dev.sluice.platform.Processes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Counts what happens to ingests, and shows the queue. No name or id of a dataset is a label. Each counter is registered at
 * start with every value of its labels, so that Prometheus sees the step from 0 to 1.
 */
@ApplicationScoped
class IngestMetrics {
    private final MeterRegistry registry;
    private final Leases leases;
    private final Counter retries;
    private final Counter losses;
    private final Counter handBacks;
    private final Timer claims;

    IngestMetrics(MeterRegistry registry, Leases leases) {
        this.registry = registry;
        this.leases = leases;
        this.retries = registry.counter("sluice.retries");
        this.losses = registry.counter("sluice.lease.losses");
        this.handBacks = registry.counter("sluice.hand.backs");
        this.claims = Timer.builder("sluice.claim")
                .description("claims of a queued ingest")
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        Stream.of(IngestState.values()).filter(IngestState::isFinal).forEach(outcome -> count(outcome, 0, 0, 0));
    }

    void start(@Observes StartupEvent event, Processes processes, Worker worker) {
        if (processes.include(ProcessType.WORKER)) {
            gauge("sluice.queue.depth", "ingests that wait", leases::waiting);
            gauge("sluice.queue.running", "queued ingests that some process works on", Ingest::fetching);
            gauge("sluice.queue.age", "seconds that the oldest due ingest has been due", leases::oldestDueSeconds);
            Gauge.builder("sluice.worker.slots.used", worker, Worker::slotsInUse)
                    .description("ingests this process fetches")
                    .register(registry);
        }
    }

    private void gauge(String name, String description, Callable<Double> value) {
        Gauge.builder(name, () -> asked(value)).description(description).register(registry);
    }

    /** Asked at every scrape, of the database; there is no value while it does not answer. */
    private static double asked(Callable<Double> value) {
        try {
            return QuarkusTransaction.requiringNew().call(value);
        } catch (RuntimeException e) {
            return Double.NaN;
        }
    }

    /** A claim that found something, and the time it took. */
    void claimed(Duration took) {
        claims.record(took);
    }

    void retried() {
        retries.increment();
    }

    void leaseLost() {
        losses.increment();
    }

    void handedBack() {
        handBacks.increment();
    }

    void ended(IngestState outcome, long bytes, long rows) {
        count(outcome, 1, bytes, rows);
    }

    private void count(IngestState outcome, long ingests, long bytes, long rows) {
        registry.counter("sluice.ingests", "outcome", outcome.name()).increment((double) ingests);
        registry.counter("sluice.ingest.bytes", "outcome", outcome.name()).increment((double) bytes);
        registry.counter("sluice.ingest.rows", "outcome", outcome.name()).increment((double) rows);
    }
}
