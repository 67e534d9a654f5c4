package dev.sluice.ingest;

import dev.sluice.dataset.Dataset;
import dev.sluice.dataset.DatasetView;
import dev.sluice.lease.Heartbeat;
import dev.sluice.lease.Lease;
import dev.sluice.lease.Leases;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.Problems;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Takes uploads in: many may send their first bytes at the same time, few are loaded. So that clients which send next to
 * nothing keep nobody out, an upload needs a slot only when its first {@link #FIRST_BYTES} are here or it has ended.
 */
@ApplicationScoped
class Uploads {
    private static final Logger LOG = Logger.getLogger(Uploads.class);
    private static final int FIRST_BYTES = 16 * 1024;

    private final UploadConfig config;
    private final Leases leases;
    private final Heartbeat heartbeat;
    private final Load load;
    private final Semaphore receiving;
    private final Semaphore slots;

    Uploads(UploadConfig config, Leases leases, Heartbeat heartbeat, Load load) {
        this.config = config;
        this.leases = leases;
        this.heartbeat = heartbeat;
        this.load = load;
        this.receiving = new Semaphore(config.receiving());
        this.slots = new Semaphore(config.slots(), true);
    }

    /**
     * Loads an upload to its end, on a thread that may block.
     *
     * @param length of the body as announced; {@code null} if it was not
     * @return the dataset as the upload left it
     * @throws ProblemException whatever is wrong with it; nothing has changed then, and the ingest has failed
     */
    DatasetView take(String dataset, UploadOptions options, InputStream body, Long length) {
        if (length != null && length > config.maxSize().asLongValue()) {
            throw UploadBody.tooLarge(config);
        }
        if (slots.availablePermits() == 0 && slots.hasQueuedThreads() || !receiving.tryAcquire()) {
            throw busy();
        }
        try {
            return run(new Running(dataset, begin(dataset, length), options, new UploadBody(body, length, config)));
        } finally {
            receiving.release();
        }
    }

    private static ProblemException busy() {
        return new ProblemException(ErrorCode.UPLOADS_BUSY, "Try again in a few seconds.");
    }

    /** The ingest is on record before the first byte is read. */
    private Lease begin(String dataset, Long length) {
        return QuarkusTransaction.requiringNew().call(() -> leases.take(Ingest.upload(dataset, length).id));
    }

    private DatasetView run(Running ingest) {
        try (Heartbeat.Beating _ = heartbeat.during(ingest.lease(), ingest::progress)) {
            return receive(ingest);
        } catch (ExecutionException e) {
            return fail(ingest, e.getCause());
        } catch (IOException | RuntimeException e) {
            return fail(ingest, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return fail(ingest, new ProblemException(ErrorCode.DRAINING, "The process is shutting down."));
        }
    }

    private DatasetView receive(Running ingest) throws IOException, InterruptedException, ExecutionException {
        byte[] first = ingest.body().readNBytes(FIRST_BYTES);
        if (!slots.tryAcquire(config.slotWait().toMillis(), TimeUnit.MILLISECONDS)) {
            throw busy();
        }
        try {
            InputStream whole = new SequenceInputStream(new ByteArrayInputStream(first), ingest.body());
            FutureTask<DatasetView> loading = new FutureTask<>(() -> load.run(ingest, whole));
            // A thread of the operating system: loading computes, and would keep others off a virtual thread's carrier.
            Thread.ofPlatform().name("load").start(loading);
            return loading.get();
        } finally {
            slots.release();
        }
    }

    /**
     * Records the failure and throws its problem, unless the ingest has succeeded after all: its commit may have come
     * through though the answer to it did not.
     */
    private DatasetView fail(Running ingest, Throwable failure) {
        ProblemException problem = Problems.of(failure);
        if (problem.code() == ErrorCode.INTERNAL) {
            LOG.errorf(failure, "Ingest %s failed", ingest.lease().job());
        }
        DatasetView view = QuarkusTransaction.requiringNew().call(() -> {
            leases.release(ingest.lease());
            Ingest.fail(ingest.lease().job(), problem, ingest.body().bytes(), ingest.rows());
            Integer version = Ingest.of(ingest.lease().job()).version;
            return version == null
                    ? null
                    : DatasetView.of(Dataset.named(ingest.dataset()).version(version));
        });
        if (view == null) {
            throw problem;
        }
        return view;
    }
}
