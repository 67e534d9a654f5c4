package dev.sluice.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Announces what happens to ingests, in a Redis stream each, which expires. Whoever announces never waits for Redis, and
 * never fails for it: what Redis does not take is dropped. The events of one process arrive in the order in which they were
 * announced. To be called outside transactions, after their commit. Thread-safe.
 */
@ApplicationScoped
class Events {
    private static final Logger LOG = Logger.getLogger(Events.class);
    private static final int MOST_PENDING = 1000;
    private static final long ANSWER_SECONDS = 5;

    private final Redis redis;
    private final EventLog log;
    private final ObjectMapper json;
    private final EventsConfig config;
    private Future<?> last = Future.succeededFuture();
    private int pending;
    private boolean outage;

    Events(Redis redis, EventLog log, ObjectMapper json, EventsConfig config) {
        this.redis = redis;
        this.log = log;
        this.json = json;
        this.config = config;
    }

    /** What is to be announced: a type of {@link Signal.Event}, and JSON. */
    private record Entry(String type, String data) {}

    /** Announces how far an ingest is. */
    void progress(UUID ingest, ProgressEvent progress) {
        append(ingest, List.of(entry(progress)));
    }

    /** Announces that an ingest has ended, as the catalog has it. */
    void done(UUID ingest) {
        done(ingest, _ -> Optional.empty());
    }

    /**
     * Announces that an ingest has ended, as the catalog has it; if it has not, nothing.
     *
     * @param progress to be announced right before
     */
    void done(UUID ingest, Function<Ingest, Optional<ProgressEvent>> progress) {
        List<Entry> entries = new ArrayList<>();
        try {
            QuarkusTransaction.requiringNew().run(() -> {
                Ingest ended = Ingest.of(ingest);
                if (ended.finishedAt != null) {
                    progress.apply(ended).ifPresent(p -> entries.add(entry(p)));
                    entries.add(new Entry(Signal.Event.DONE, data(ended)));
                }
            });
        } catch (RuntimeException e) {
            // Who watches is told by the database, as soon as that answers.
            LOG.warnf(e, "The end of ingest %s could not be announced", ingest);
            return;
        }
        if (!entries.isEmpty()) {
            append(ingest, entries);
        }
    }

    /** The data of a {@code done} event. */
    String data(Ingest ended) {
        return write(IngestView.of(ended, ended.bytes, ended.rows));
    }

    private Entry entry(ProgressEvent progress) {
        return new Entry(Signal.Event.PROGRESS, write(progress));
    }

    private Request add(String stream, Entry entry) {
        return Request.cmd(Command.XADD)
                .arg(stream)
                .arg("MAXLEN")
                .arg("~")
                .arg(config.eventsKept())
                .arg("*")
                .arg(EventLog.TYPE)
                .arg(entry.type)
                .arg(EventLog.DATA)
                .arg(entry.data);
    }

    private String write(Object data) {
        try {
            return json.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void append(UUID ingest, List<Entry> entries) {
        String stream;
        try {
            stream = log.key(ingest);
        } catch (IllegalStateException e) {
            LOG.warnf(e, "Events of ingest %s are dropped", ingest);
            return;
        }
        List<Request> pipeline = new ArrayList<>();
        entries.forEach(entry -> pipeline.add(add(stream, entry)));
        pipeline.add(Request.cmd(Command.PEXPIRE)
                .arg(stream)
                .arg(config.eventsKeepFor().toMillis()));
        send(pipeline);
    }

    /** One pipeline after the other: the pool's connections would not keep the order. */
    private synchronized void send(List<Request> pipeline) {
        if (pending >= MOST_PENDING) {
            return; // an outage, which has been logged
        }
        pending++;
        last = last.transform(_ -> redis.batch(pipeline).timeout(ANSWER_SECONDS, TimeUnit.SECONDS))
                .onComplete(answer -> answered(answer.cause()));
    }

    private synchronized void answered(Throwable failure) {
        pending--;
        if (failure != null && !outage) {
            LOG.warnf("Redis takes no events, which are dropped until it does: %s", failure.getMessage());
        }
        outage = failure != null;
    }
}
