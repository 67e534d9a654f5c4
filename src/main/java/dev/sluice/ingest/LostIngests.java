package dev.sluice.ingest;

import dev.sluice.lease.Lease;
import dev.sluice.lease.Leases;
import dev.sluice.platform.Background;
import dev.sluice.platform.ProcessType;
import dev.sluice.platform.Processes;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Takes ingests from processes that are gone or frozen: their lease ran out. An upload has failed, for its bytes are
 * gone; what can be fetched again waits again.
 */
@ApplicationScoped
class LostIngests {
    private static final Logger LOG = Logger.getLogger(LostIngests.class);
    private static final int BATCH = 100;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Leases leases;
    private final Outcomes outcomes;
    private final WorkerConfig config;
    private final Doorbell doorbell;
    private final IngestMetrics metrics;
    private final Events events;

    LostIngests(
            Leases leases,
            Outcomes outcomes,
            WorkerConfig config,
            Doorbell doorbell,
            IngestMetrics metrics,
            Events events) {
        this.leases = leases;
        this.outcomes = outcomes;
        this.config = config;
        this.doorbell = doorbell;
        this.metrics = metrics;
        this.events = events;
    }

    void start(@Observes StartupEvent event, Processes processes, Background background) {
        if (processes.include(ProcessType.WORKER)) {
            background.repeat("lost-ingests", PAUSE, this::runOnce);
        }
    }

    /** Takes some of them; whether there may be more. */
    boolean runOnce() {
        List<Lease> taken = QuarkusTransaction.requiringNew().call(() -> leases.takeExpired(BATCH));
        taken.forEach(this::decide);
        return taken.size() == BATCH;
    }

    private void decide(Lease lease) {
        metrics.leaseLost();
        Ingest ingest = outcomes.of(lease.job());
        LOG.warnf("Ingest %s lost its process in attempt %d", lease.job(), ingest.attempt);
        if (ingest.isUpload()) {
            outcomes.failed(lease, lost("The process that loaded this was lost; send the file again."), 0, 0);
        } else if (ingest.attempt >= config.attempts()) {
            outcomes.failed(lease, lost("The process that worked on this was lost, for the last time."), 0, 0);
        } else {
            outcomes.retried(lease, lost("The process that worked on this was lost."), Duration.ZERO);
            doorbell.ring();
        }
        events.done(lease.job());
    }

    private static ProblemException lost(String detail) {
        return new ProblemException(ErrorCode.PROCESS_LOST, detail);
    }
}
