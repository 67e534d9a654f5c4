package dev.sluice.ingest;

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
import java.util.UUID;
import org.jboss.logging.Logger;

/** Ends uploads whose process is gone: their lease ran out. PostgreSQL has rolled back what they had loaded. */
@ApplicationScoped
class LostIngests {
    private static final Logger LOG = Logger.getLogger(LostIngests.class);
    private static final int BATCH = 100;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Leases leases;

    LostIngests(Leases leases) {
        this.leases = leases;
    }

    void start(@Observes StartupEvent event, Processes processes, Background background) {
        if (processes.include(ProcessType.WORKER)) {
            background.repeat("lost-ingests", PAUSE, this::runOnce);
        }
    }

    /** Ends some of them; whether there may be more. */
    boolean runOnce() {
        ProblemException lost = new ProblemException(
                ErrorCode.PROCESS_LOST, "The process that loaded this was lost; send the file again.");
        List<UUID> ended = QuarkusTransaction.requiringNew().call(() -> {
            List<UUID> jobs = leases.takeExpired(BATCH);
            jobs.forEach(job -> Ingest.fail(job, lost, 0, 0));
            return jobs;
        });
        ended.forEach(job -> LOG.infof("Ingest %s lost its process", job));
        return ended.size() == BATCH;
    }
}
