package dev.sluice.ingest;

import dev.sluice.platform.CatalogId;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.redis.datasource.stream.StreamCommands;
import io.quarkus.redis.datasource.stream.StreamMessage;
import io.quarkus.redis.datasource.stream.StreamRange;
import io.quarkus.redis.datasource.stream.XReadArgs;
import io.smallrye.mutiny.Multi;
import io.vertx.redis.client.RedisClientType;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Reads the streams of events in Redis; every method fails with a {@link RuntimeException} if Redis does. Thread-safe. */
@ApplicationScoped
class EventLog {
    static final String TYPE = "event";
    static final String DATA = "data";

    /** Streams of a cluster that are asked at the same time, each over a connection. */
    private static final int AT_ONCE = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RedisDataSource redis;
    private final CatalogId catalog;
    private final StreamCommands<String, String, String> streams;
    private final boolean isCluster;

    EventLog(
            RedisDataSource redis,
            CatalogId catalog,
            @ConfigProperty(name = "quarkus.redis.client-type", defaultValue = "standalone") RedisClientType type) {
        this.redis = redis;
        this.catalog = catalog;
        this.streams = redis.stream(String.class);
        this.isCluster = type == RedisClientType.CLUSTER;
    }

    String key(UUID ingest) {
        return catalog.key("ingest:{" + ingest + "}:events");
    }

    /** Events of an ingest after an id, in order; at most so many. */
    List<Signal.Event> after(UUID ingest, StreamId id, int most) {
        return streams.xread(key(ingest), id.toString(), new XReadArgs().count(most)).stream()
                .map(EventLog::event)
                .toList();
    }

    /**
     * Waits for events of any of some ingests. A Redis Cluster is not waited for: each stream is asked for by a command
     * of its own, since all streams of one command must be of one slot.
     *
     * @param after the id to read on from, of each; not empty
     * @param most of each ingest
     * @param wait at most; not long, since the connection is busy meanwhile
     * @return by ingest, in order; empty if there were none
     */
    Map<UUID, List<Signal.Event>> await(Map<UUID, StreamId> after, int most, Duration wait) {
        return isCluster ? each(after, most) : all(after, most, wait);
    }

    private Map<UUID, List<Signal.Event>> each(Map<UUID, StreamId> after, int most) {
        XReadArgs args = new XReadArgs().count(most);
        return Multi.createFrom()
                .iterable(after.entrySet())
                .onItem()
                .transformToUni(stream -> redis.getReactive().stream(String.class)
                        .xread(key(stream.getKey()), stream.getValue().toString(), args)
                        .map(found -> Map.entry(
                                stream.getKey(),
                                found.stream().map(EventLog::event).toList())))
                .merge(AT_ONCE)
                .filter(found -> !found.getValue().isEmpty())
                .collect()
                .asMap(Map.Entry::getKey, Map.Entry::getValue)
                .await()
                .atMost(PATIENCE);
    }

    private Map<UUID, List<Signal.Event>> all(Map<UUID, StreamId> after, int most, Duration wait) {
        Map<String, UUID> ingests = new HashMap<>();
        Map<String, String> ids = new HashMap<>();
        after.forEach((ingest, id) -> {
            ingests.put(key(ingest), ingest);
            ids.put(key(ingest), id.toString());
        });
        Map<UUID, List<Signal.Event>> found = new HashMap<>();
        for (StreamMessage<String, String, String> message :
                streams.xread(ids, new XReadArgs().count(most).block(wait))) {
            found.computeIfAbsent(ingests.get(message.key()), _ -> new ArrayList<>())
                    .add(event(message));
        }
        return found;
    }

    /** Whether {@link #await} returns at once, with nothing if there is nothing yet. */
    boolean doesNotWait() {
        return isCluster;
    }

    /** Whether that event is the last of its ingest. */
    boolean isDone(UUID ingest, StreamId id) {
        return streams.xrange(key(ingest), StreamRange.of(id.toString(), id.toString())).stream()
                .map(EventLog::event)
                .anyMatch(Signal.Event::isDone);
    }

    /** Whether there are any events of an ingest. */
    boolean has(UUID ingest) {
        return redis.key().exists(key(ingest));
    }

    /** The event of any entry: of a type that there is, and in one line, as the stream to a client needs it. */
    private static Signal.Event event(StreamMessage<String, String, String> message) {
        Map<String, String> fields = message.payload();
        String type = Signal.Event.DONE.equals(fields.get(TYPE)) ? Signal.Event.DONE : Signal.Event.PROGRESS;
        String data = fields.getOrDefault(DATA, "{}").replace('\r', ' ').replace('\n', ' ');
        return new Signal.Event(StreamId.parse(message.id()).orElseThrow(), type, data);
    }
}
