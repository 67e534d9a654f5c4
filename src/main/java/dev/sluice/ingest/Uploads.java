package dev.sluice.ingest;

import dev.sluice.dataset.Dataset;
import dev.sluice.dataset.DatasetView;
import dev.sluice.dataset.Source;
import dev.sluice.lease.Heartbeat;
import dev.sluice.lease.Lease;
import dev.sluice.lease.Leases;
import dev.sluice.platform.Precondition;
import dev.sluice.platform.ProcessType;
import dev.sluice.platform.Processes;
import dev.sluice.platform.database.CatalogPool;
import dev.sluice.platform.identity.Actor;
import dev.sluice.platform.identity.DailyBytes;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.Problems;
import dev.sluice.platform.share.Shares;
import io.opentelemetry.context.Context;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/**
 * Takes uploads in: many may send their first bytes at the same time, few are loaded. So that clients which send next to
 * nothing keep no other client out, an upload needs a slot only when its first {@link #FIRST_BYTES} are here or it has ended,
 * and one key has only a share of what there is.
 */
@ApplicationScoped
class Uploads {
    private static final Logger LOG = Logger.getLogger(Uploads.class);
    private static final int FIRST_BYTES = 16 * 1024;

    private final UploadConfig config;
    private final LoadConfig limits;
    private final Leases leases;
    private final Heartbeat heartbeat;
    private final RunningIngests running;
    private final Load load;
    private final Outcomes outcomes;
    private final Admission admission;
    private final DailyBytes daily;
    private final WorkerName name;
    private final Shares receiving;
    private final Shares slots;

    Uploads(
            UploadConfig config,
            LoadConfig limits,
            Leases leases,
            Heartbeat heartbeat,
            RunningIngests running,
            Load load,
            Outcomes outcomes,
            Admission admission,
            DailyBytes daily,
            WorkerName name) {
        this.config = config;
        this.limits = limits;
        this.leases = leases;
        this.heartbeat = heartbeat;
        this.running = running;
        this.load = load;
        this.outcomes = outcomes;
        this.admission = admission;
        this.daily = daily;
        this.name = name;
        this.receiving = new Shares(config.receiving(), Math.max(1, config.receiving() / 4));
        this.slots = Shares.allButOne(config.slots());
    }

    void start(@Observes StartupEvent event, Processes processes, CatalogPool connections) {
        if (processes.include(ProcessType.WEB)) {
            connections.addLong(config.slots());
        }
    }

    /**
     * What an upload became.
     *
     * @param view the dataset as the upload left it
     * @param unchanged whether it was so before
     */
    record Taken(DatasetView view, boolean unchanged) {}

    /**
     * Loads an upload to its end, on a thread that may block.
     *
     * @param precondition of the dataset; it does not hold of a repeated request, whose first one was answered
     * @param actor sends it
     * @param key {@code null} if the request has none
     * @throws ProblemException whatever is wrong with it; nothing has changed then, and the ingest has failed
     */
    Taken take(
            String dataset,
            SourceOptions options,
            Precondition precondition,
            FileBody body,
            Actor actor,
            IdempotencyKey key) {
        String caller = actor.id();
        if (body.length() != null && body.length() > limits.maxSize().asLongValue()) {
            throw MeteredBody.tooLarge(limits);
        }
        admission.check();
        daily.take(caller, 0);
        if (slots.isAwaited(caller)) {
            throw busy();
        }
        try (Shares.Place _ = receiving.take(caller, Duration.ZERO).orElseThrow(Uploads::busy)) {
            InputStream in = body.file(limits);
            Optional<Ingest> first = admission.first(caller, key);
            if (first.isPresent()) {
                return repeated(first.get(), in);
            }
            if (!precondition.isNone()) {
                QuarkusTransaction.requiringNew().run(() -> Dataset.check(dataset, precondition));
            }
            Lease lease = admission.begin(key, () -> begin(dataset, body.fileLength(), caller, key));
            MDC.put("ingest", lease.job().toString());
            Running ingest = new Running(dataset, actor, lease, options, Source.UPLOAD, precondition);
            ingest.totalBytes(body.fileLength());
            ingest.mediaType(body.mediaType());
            try (MeteredBody _ = ingest.receive(in, limits, daily)) {
                return run(ingest);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Lease begin(String dataset, Long length, String caller, IdempotencyKey key) throws SQLException {
        admission.checkUploads(caller, config.perKey());
        return leases.take(Ingest.upload(dataset, length, caller, key, name.toString()).id);
    }

    private static ProblemException busy() {
        return new ProblemException(ErrorCode.UPLOADS_BUSY, "Try again in a few seconds.");
    }

    /** The answer to a request that was answered before: its content is looked at, not loaded. */
    private Taken repeated(Ingest first, InputStream in) {
        try {
            MeteredBody body = new MeteredBody(in, new StopSignal(), limits, _ -> {});
            body.transferTo(OutputStream.nullOutputStream());
            if (!body.hash().equals(first.sha256)) {
                throw new ProblemException(
                        ErrorCode.IDEMPOTENCY_MISMATCH, "The first request with this key had another content.");
            }
            return new Taken(view(first.dataset, first.version), first.state == IngestState.unchanged);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Taken run(Running ingest) {
        try (Heartbeat.Beating _ = heartbeat.during(ingest.lease(), ingest);
                RunningIngests.Registration _ = running.add(ingest)) {
            Taken taken = receive(ingest);
            outcomes.succeeded(ingest);
            return taken;
        } catch (ExecutionException e) {
            return ended(ingest, e.getCause());
        } catch (IOException | RuntimeException e) {
            return ended(ingest, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ended(ingest, new ProblemException(ErrorCode.DRAINING, "The process is shutting down."));
        }
    }

    private Taken receive(Running ingest) throws IOException, InterruptedException, ExecutionException {
        byte[] first = ingest.body().readNBytes(FIRST_BYTES);
        try (Shares.Place _ = slots.take(ingest.actor().id(), config.slotWait()).orElseThrow(Uploads::busy)) {
            InputStream whole = new SequenceInputStream(new ByteArrayInputStream(first), ingest.body());
            FutureTask<DatasetView> loading = new FutureTask<>(Context.current().wrap(() -> load.run(ingest, whole)));
            // A thread of the operating system: loading computes, and would keep others off a virtual thread's carrier.
            Thread.ofPlatform().name("load").start(loading);
            return new Taken(loading.get(), false);
        }
    }

    /**
     * Records how an upload ended that did not succeed and throws its problem. What was recorded before counts: its commit
     * may have come through though the answer to it did not, and who took it over has said so, though all that this process
     * saw of it is that its connection was ended.
     */
    private Taken ended(Running ingest, Throwable failure) {
        if (failure instanceof Load.Unchanged unchanged) {
            outcomes.unchanged(ingest, unchanged.version(), ingest.body().hash());
            return new Taken(view(ingest.dataset(), unchanged.version()), true);
        }
        ProblemException problem = problem(ingest, failure);
        if (problem.code() == ErrorCode.INTERNAL) {
            LOG.errorf(failure, "Ingest %s failed", ingest.lease().job());
        }
        if (problem.code() == ErrorCode.CANCELLED) {
            outcomes.cancelled(ingest);
        } else {
            outcomes.failed(ingest, problem);
        }
        Ingest recorded = outcomes.of(ingest.lease().job());
        if (recorded.version != null) {
            return new Taken(view(ingest.dataset(), recorded.version), false);
        }
        boolean takenOver = recorded.state == IngestState.running
                || recorded.problem != null && ErrorCode.PROCESS_LOST.name().equals(recorded.problem.code());
        throw takenOver ? lost() : problem;
    }

    private static DatasetView view(String dataset, int version) {
        return QuarkusTransaction.requiringNew()
                .call(() -> DatasetView.of(Dataset.named(dataset).version(version)));
    }

    private static ProblemException problem(Running ingest, Throwable failure) {
        return ingest.stop()
                .reason()
                .map(reason -> switch (reason) {
                    case CANCELLED -> new ProblemException(ErrorCode.CANCELLED, "Somebody cancelled this ingest.");
                    case LOST -> lost();
                    case HANDED_BACK ->
                        new ProblemException(ErrorCode.DRAINING, "The process is shutting down; send it again.");
                })
                .orElseGet(() -> Problems.of(failure));
    }

    private static ProblemException lost() {
        return new ProblemException(ErrorCode.PROCESS_LOST, "The ingest was given up while it ran.");
    }
}
