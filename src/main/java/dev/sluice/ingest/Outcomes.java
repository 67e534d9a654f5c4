package dev.sluice.ingest;

import dev.sluice.dataset.Dataset;
import dev.sluice.dataset.Indexed;
import dev.sluice.lease.Lease;
import dev.sluice.lease.Leases;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.Problems;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * How an ingest ends that does not become a version, or why it waits again: each a short transaction under its lease. Who
 * has lost the lease changes nothing.
 */
@ApplicationScoped
class Outcomes {
    private static final Logger LOG = Logger.getLogger(Outcomes.class);
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Leases leases;
    private final IngestMetrics metrics;

    Outcomes(Leases leases, IngestMetrics metrics) {
        this.leases = leases;
        this.metrics = metrics;
    }

    /** Its load has recorded that itself, with its last statements. */
    void succeeded(Running ingest) {
        metrics.ended(IngestState.succeeded, ingest.bytes(), ingest.rows());
    }

    void failed(Running ingest, ProblemException problem) {
        failed(ingest.lease(), problem, ingest.bytes(), ingest.rows());
    }

    void failed(Lease lease, ProblemException problem, long bytes, long rows) {
        end(lease, i -> i.end(IngestState.failed, problem, bytes, rows));
    }

    void cancelled(Running ingest) {
        end(ingest.lease(), i -> i.end(IngestState.cancelled, null, ingest.bytes(), ingest.rows()));
    }

    /**
     * The content is that of a version already, which has the indexes that were asked for with it, or will have.
     *
     * @param sha256 {@code null} if the source said so by itself
     */
    void unchanged(Running ingest, int version, String sha256) {
        end(ingest.lease(), i -> {
            i.end(IngestState.unchanged, null, ingest.bytes(), ingest.rows());
            i.version = version;
            i.sha256 = sha256;
            Indexed indexed = ingest.options().indexed();
            // They may have been chosen otherwise since.
            if (!indexed.columns().isEmpty() && Dataset.index(ingest.dataset(), version, indexed)) {
                ingest.record("dataset.changed", ingest.dataset());
            }
        });
    }

    /** It failed and is tried again. */
    void retried(Lease lease, ProblemException problem, Duration wait) {
        if (requeue(lease, wait, i -> i.wait(problem))) {
            metrics.retried();
        }
    }

    /** It has not failed: its process shuts down. */
    void handedBack(Lease lease, ProblemException why) {
        if (requeue(lease, Duration.ZERO, i -> {
            i.wait(why);
            i.attempt--;
            i.handBacks++;
        })) {
            metrics.handedBack();
        }
    }

    private void end(Lease lease, Consumer<Ingest> transition) {
        Ingest ended = recorded(() -> {
            if (!leases.release(lease)) {
                return null;
            }
            Ingest ingest = Ingest.of(lease.job());
            transition.accept(ingest);
            return ingest;
        });
        if (ended == null) {
            lost(lease);
        } else {
            metrics.ended(ended.state, ended.bytes, ended.rows);
        }
    }

    /** Whether it waits again. */
    private boolean requeue(Lease lease, Duration wait, Consumer<Ingest> transition) {
        boolean held = recorded(() -> {
            if (!leases.requeue(lease, wait)) {
                return false;
            }
            transition.accept(Ingest.of(lease.job()));
            return true;
        });
        if (!held) {
            lost(lease);
        }
        return held;
    }

    /** Somebody else has it, or has ended it: nothing is recorded. */
    void lost(Lease lease) {
        LOG.warnf("Ingest %s is no longer held by this process", lease.job());
    }

    /** What became of an ingest, as far as is known now. */
    Ingest of(UUID id) {
        return recorded(() -> Ingest.of(id));
    }

    /** Waits for a database that restarts, as long as the lease would last: then somebody else decides. */
    private <T> T recorded(Callable<T> change) {
        long deadline = System.nanoTime() + leases.duration().toNanos();
        while (true) {
            try {
                return QuarkusTransaction.requiringNew().call(change);
            } catch (RuntimeException e) {
                if (Problems.of(e).code() != ErrorCode.DATABASE_UNAVAILABLE || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(RETRY.toNanos());
            }
        }
    }
}
