package dev.sluice.ingest;

import dev.sluice.lease.Heartbeat;
import dev.sluice.platform.Background;
import dev.sluice.platform.CatalogId;
import dev.sluice.platform.ProcessType;
import dev.sluice.platform.Processes;
import io.quarkus.runtime.StartupEvent;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Tells all processes at once, by Redis, of what the database has recorded already: that there is work, or that an ingest
 * is to be cancelled. Nothing depends on it: polling and the heartbeat find the same a little later.
 */
@ApplicationScoped
class Doorbell {
    private static final Logger LOG = Logger.getLogger(Doorbell.class);
    private static final String CHANNEL = "doorbell";
    private static final String WORK = "work";
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Redis redis;
    private final CatalogId catalog;
    private final Heartbeat heartbeat;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean listening = new AtomicBoolean();

    Doorbell(Redis redis, CatalogId catalog, Heartbeat heartbeat) {
        this.redis = redis;
        this.catalog = catalog;
        this.heartbeat = heartbeat;
    }

    void start(@Observes StartupEvent event, Processes processes, Background background) {
        if (!processes.include(ProcessType.MIGRATE)) {
            background.repeat("doorbell", RETRY, () -> {
                listen();
                return false;
            });
        }
    }

    private void listen() {
        String channel = catalog.key(CHANNEL);
        if (!listening.compareAndSet(false, true)) {
            return;
        }
        redis.connect().onSuccess(connection -> subscribe(connection, channel)).onFailure(_ -> lost());
    }

    /** The handlers come first: Redis may answer at once, and Quarkus' own pub/sub sets them too late for that. */
    private void subscribe(RedisConnection connection, String channel) {
        connection
                .handler(this::heard)
                .endHandler(_ -> lost())
                .exceptionHandler(_ -> lost())
                .send(Request.cmd(Command.SUBSCRIBE).arg(channel))
                .onFailure(_ -> {
                    connection.close();
                    lost();
                });
    }

    private void lost() {
        listening.set(false);
    }

    private void heard(Response event) {
        if (event.get(0).toString().equals("message")) {
            heard(event.get(2).toString());
        }
    }

    private void heard(String message) {
        if (message.equals(WORK)) {
            here();
            return;
        }
        try {
            heartbeat.cancel(UUID.fromString(message));
        } catch (IllegalArgumentException e) {
            LOG.debugf("No process of ours has rung the doorbell like this: %s", message);
        }
    }

    /** Has something called whenever there may be work. */
    void onWork(Runnable listener) {
        listeners.add(listener);
    }

    /** There may be work for this process. */
    void here() {
        listeners.forEach(Runnable::run);
    }

    /** There is work for any process. */
    void ring() {
        publish(WORK);
    }

    /** Whoever works on this ingest is to end it. */
    void cancel(UUID ingest) {
        publish(ingest.toString());
    }

    private void publish(String message) {
        try {
            redis.send(Request.cmd(Command.PUBLISH).arg(catalog.key(CHANNEL)).arg(message))
                    .onFailure(e -> LOG.debugf(e, "The doorbell was not heard"));
        } catch (IllegalStateException e) {
            LOG.debugf(e, "The doorbell was not rung");
        }
    }
}
