package dev.sluice.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.vertx.mutiny.redis.client.Response;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * What any process has found out, for all of them, in Redis and for a while. Entries are in groups, which are forgotten as a
 * whole, and fenced: what was found out before a group was forgotten cannot be kept after that, however late the process
 * comes that found it. Without Redis every process finds out for itself.
 */
@ApplicationScoped
public class SharedCache {
    private static final Logger LOG = Logger.getLogger(SharedCache.class);

    /** Longer than this it is quicker to find out. */
    private static final Duration PATIENCE = Duration.ofMillis(250);

    /** How long it may take to find out; that a group was forgotten is remembered for twice as long. */
    private static final Duration FENCE = Duration.ofSeconds(30);

    static final String KEEP = """
            local time = redis.call('TIME')
            if time[1] * 1000000 + time[2] - ARGV[3] > tonumber(ARGV[4]) then return 0 end
            if redis.call('HEXISTS', KEYS[1], 'forgotten') == 1 then return 0 end
            redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
            if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[5]) end
            return 1""";

    private static final String FORGET = """
            redis.call('DEL', KEYS[1])
            redis.call('HSET', KEYS[1], 'forgotten', '')
            return redis.call('PEXPIRE', KEYS[1], ARGV[1])""";

    private final ReactiveRedisDataSource redis;
    private final CatalogId catalog;
    private final ObjectMapper json;

    SharedCache(ReactiveRedisDataSource redis, CatalogId catalog, ObjectMapper json) {
        this.redis = redis;
        this.catalog = catalog;
        this.json = json;
    }

    /** The same, of entries that are small. */
    public <T> Optional<T> get(String group, String entry, Class<T> type, Duration life, Supplier<Optional<T>> source) {
        return get(group, entry, type, life, _ -> {}, source);
    }

    /**
     * The value of an entry, or else what the source says, which is kept then.
     *
     * @param entry not {@code forgotten}
     * @param type which is kept as JSON; what this release cannot read is not found: another one has kept it, or another client
     * @param life of the group, from its first entry on
     * @param bytes is told how many bytes an entry has before it is read
     * @param source says nothing where nothing is to be kept
     */
    public <T> Optional<T> get(
            String group,
            String entry,
            Class<T> type,
            Duration life,
            LongConsumer bytes,
            Supplier<Optional<T>> source) {
        Optional<T> found = find(group, entry, type, bytes);
        if (found.isPresent()) {
            return found;
        }
        Optional<String> asked = send("TIME").map(SharedCache::micros);
        Optional<T> value = source.get();
        if (asked.isPresent() && value.isPresent()) {
            eval(KEEP, group, entry, written(value.get()), asked.get(), micros(FENCE), millis(life));
        }
        return value;
    }

    /** The value of an entry, if there is one; the same. */
    public <T> Optional<T> find(String group, String entry, Class<T> type) {
        return find(group, entry, type, _ -> {});
    }

    private <T> Optional<T> find(String group, String entry, Class<T> type, LongConsumer bytes) {
        return key(group).flatMap(key -> send("HGET", key, entry)).flatMap(value -> {
            bytes.accept(value.toBytes().length);
            return read(value.toString(), type);
        });
    }

    private <T> Optional<T> read(String value, Class<T> type) {
        try {
            return Optional.ofNullable(json.readValue(value, type));
        } catch (JsonProcessingException e) {
            LOG.debug("Another release has kept this, or none", e);
            return Optional.empty();
        }
    }

    private String written(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Forgets a group; false if it could not be, and may be remembered until its life ends. */
    public boolean forget(String group) {
        return eval(FORGET, group, millis(FENCE.multipliedBy(2))).isPresent();
    }

    private static String micros(Duration d) {
        return Long.toString(d.toNanos() / 1000);
    }

    private static String millis(Duration d) {
        return Long.toString(Math.max(1, d.toMillis()));
    }

    private static String micros(Response time) {
        return time.get(0).toString() + String.format("%06d", time.get(1).toInteger());
    }

    private Optional<String> key(String group) {
        try {
            return Optional.of(catalog.key("cache:" + group));
        } catch (IllegalStateException e) {
            LOG.debug("It is not known which catalog this is", e);
            return Optional.empty();
        }
    }

    private Optional<Response> eval(String script, String group, String... arguments) {
        return key(group).flatMap(key -> {
            List<String> all = new ArrayList<>(List.of(script, "1", key));
            all.addAll(List.of(arguments));
            return send("EVAL", all.toArray(String[]::new));
        });
    }

    private Optional<Response> send(String command, String... arguments) {
        try {
            return Optional.ofNullable(redis.execute(command, arguments).await().atMost(PATIENCE));
        } catch (RuntimeException e) {
            LOG.debug("Redis does not answer", e);
            return Optional.empty();
        }
    }
}
