package dev.sluice.ingest;

import dev.sluice.dataset.Dataset;
import dev.sluice.dataset.Validators;
import dev.sluice.dataset.Version;
import dev.sluice.lease.Backoff;
import dev.sluice.lease.Heartbeat;
import dev.sluice.outbound.Content;
import dev.sluice.outbound.FetchException;
import dev.sluice.outbound.FetchRequest;
import dev.sluice.outbound.Fetched;
import dev.sluice.outbound.Fetcher;
import dev.sluice.outbound.NotModified;
import dev.sluice.platform.Precondition;
import dev.sluice.platform.identity.Actor;
import dev.sluice.platform.identity.DailyBytes;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.Problems;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;

/** Works on an ingest whose source is fetched: to its end, or back into the queue. */
@ApplicationScoped
class FetchedIngests {
    private static final Logger LOG = Logger.getLogger(FetchedIngests.class);
    private static final Set<ErrorCode> AGAIN =
            Set.of(ErrorCode.DATABASE_UNAVAILABLE, ErrorCode.LIMITS_UNAVAILABLE, ErrorCode.SOURCE_TOO_SLOW);

    private final Fetcher fetcher;
    private final Load load;
    private final Heartbeat heartbeat;
    private final RunningIngests running;
    private final Outcomes outcomes;
    private final LoadConfig limits;
    private final WorkerConfig config;
    private final DailyBytes daily;
    private final Stages stages;
    private final Traces traces;
    private final Backoff backoff;

    FetchedIngests(
            Fetcher fetcher,
            Load load,
            Heartbeat heartbeat,
            RunningIngests running,
            Outcomes outcomes,
            LoadConfig limits,
            WorkerConfig config,
            DailyBytes daily,
            Stages stages,
            Traces traces) {
        this.fetcher = fetcher;
        this.load = load;
        this.heartbeat = heartbeat;
        this.running = running;
        this.outcomes = outcomes;
        this.limits = limits;
        this.config = config;
        this.daily = daily;
        this.stages = stages;
        this.traces = traces;
        this.backoff = new Backoff(config.backoff(), config.maxBackoff());
    }

    /** Never throws: an outcome that cannot be recorded is found by whoever finds the lease expired. */
    void run(Claimed claimed) {
        MDC.put("ingest", claimed.lease().job().toString());
        try {
            Running ingest = new Running(
                    claimed.dataset(),
                    Actor.of(claimed.caller()),
                    claimed.lease(),
                    SourceOptions.ofObject(claimed.options()),
                    claimed.source(),
                    Precondition.none());
            try (Heartbeat.Beating _ = heartbeat.during(claimed.lease(), ingest);
                    RunningIngests.Registration _ = running.add(ingest)) {
                traces.goOn(claimed.traceParent(), claimed.lease(), () -> work(claimed, ingest));
            }
        } catch (RuntimeException e) {
            LOG.errorf(
                    e,
                    "Ingest %s: its outcome could not be recorded",
                    claimed.lease().job());
        }
    }

    private void work(Claimed claimed, Running ingest) {
        try {
            loaded(claimed, ingest);
        } catch (Load.Unchanged e) {
            outcomes.unchanged(ingest, e.version(), ingest.body().hash());
        } catch (IOException | RuntimeException e) {
            ended(claimed, ingest, e);
        }
    }

    private void loaded(Claimed claimed, Running ingest) throws IOException {
        Version current = QuarkusTransaction.requiringNew().call(() -> comparable(ingest));
        Validators known = current == null ? Validators.NONE : current.validators;
        FetchRequest request = new FetchRequest(URI.create(claimed.url()), known.etag(), known.lastModified());
        ingest.stop().enter();
        Fetched answer;
        try {
            answer = stages.during(Stage.FETCH, ingest.stop(), () -> fetcher.fetch(request));
        } finally {
            ingest.stop().leave();
        }
        switch (answer) {
            case NotModified _ -> outcomes.unchanged(ingest, current.number, current.sha256);
            case Content content -> {
                try (content;
                        MeteredBody body = ingest.receive(content.body(), limits, daily)) {
                    ingest.totalBytes(content.length());
                    ingest.mediaType(content.mediaType());
                    ingest.validators(new Validators(content.etag(), content.lastModified()));
                    load.run(ingest, body);
                    outcomes.succeeded(ingest);
                }
            }
        }
    }

    /** The version that the source may say it still is; {@code null} if there is none. */
    private static Version comparable(Running ingest) {
        Dataset dataset = Dataset.find("name", ingest.dataset()).firstResult();
        Version current = dataset == null ? null : dataset.currentVersion;
        boolean same = current != null
                && current.validators != null
                && current.source.equals(ingest.source())
                && current.options.equals(ingest.options().reading());
        return same ? current : null;
    }

    private void ended(Claimed claimed, Running ingest, Exception failure) {
        StopSignal.Reason stopped = ingest.stop().reason().orElse(null);
        if (stopped == null) {
            failed(claimed, ingest, failure);
            return;
        }
        switch (stopped) {
            case CANCELLED -> outcomes.cancelled(ingest);
            case LOST -> outcomes.lost(claimed.lease());
            case HANDED_BACK -> {
                ProblemException why = new ProblemException(
                        ErrorCode.NEVER_FINISHED,
                        "It was handed back " + (claimed.handBacks() + 1) + " times by processes that shut down.");
                if (claimed.handBacks() + 1 > config.handBacks()) {
                    traces.failed(why);
                    outcomes.failed(ingest, why);
                } else {
                    outcomes.handedBack(claimed.lease(), why);
                }
            }
        }
    }

    private void failed(Claimed claimed, Running ingest, Exception failure) {
        FetchException fetch = fetchFailure(failure);
        ProblemException problem =
                fetch == null ? Problems.of(failure) : new ProblemException(fetch.code(), fetch.getMessage());
        if (problem.code() == ErrorCode.INTERNAL) {
            LOG.errorf(failure, "Ingest %s failed", claimed.lease().job());
        }
        traces.failed(problem);
        boolean again = fetch == null ? AGAIN.contains(problem.code()) : fetch.retryable();
        if (!again || claimed.attempt() >= config.attempts()) {
            outcomes.failed(ingest, problem);
            return;
        }
        Duration wait = backoff.after(claimed.attempt(), ThreadLocalRandom.current());
        Duration asked = fetch == null || fetch.retryAfter() == null ? Duration.ZERO : fetch.retryAfter();
        outcomes.retried(claimed.lease(), problem, wait.compareTo(asked) < 0 ? asked : wait);
    }

    private static FetchException fetchFailure(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof FetchException fetch) {
                return fetch;
            }
        }
        return null;
    }
}
