package dev.sluice.access.session;

import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** Sessions in Redis, 6.2 or later. */
final class RedisSessions implements SessionStore {
    private static final Logger LOG = Logger.getLogger(RedisSessions.class);
    private static final Pattern POLICY = Pattern.compile("maxmemory_policy:([a-z-]+)");
    private static final Set<String> SPARING = Set.of("noeviction", "volatile-ttl");
    private static final String REPLACE = """
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
            return 1""";
    private static final String GET = """
            return {redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}""";

    private final ReactiveRedisDataSource redis;
    private final Duration patience;

    RedisSessions(ReactiveRedisDataSource redis, Duration patience) {
        this.redis = redis;
        this.patience = patience;
    }

    @Override
    public Optional<String> touch(String key, Duration life) {
        return Optional.ofNullable(send("GETEX", key, "PX", millis(life))).map(Response::toString);
    }

    @Override
    public Optional<Stored> get(String key) {
        Response found = send("EVAL", GET, "1", key);
        return found.get(0) == null
                ? Optional.empty()
                : Optional.of(new Stored(
                        found.get(0).toString(), Duration.ofMillis(found.get(1).toLong())));
    }

    @Override
    public boolean add(String key, String value, Duration life) {
        return send("SET", key, value, "PX", millis(life), "NX") != null;
    }

    @Override
    public boolean replace(String key, String expected, String value, Duration life) {
        return send("EVAL", REPLACE, "1", key, expected, value, millis(life)).toInteger() == 1;
    }

    @Override
    public boolean remove(String key) {
        return send("DEL", key).toInteger() == 1;
    }

    /** With {@code volatile-ttl} what would expire first goes first, and that is not a session of somebody who works. */
    @Override
    public Optional<String> evicts() {
        return Optional.of(POLICY.matcher(send("INFO", "memory").toString()))
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .filter(policy -> !SPARING.contains(policy))
                .map(policy -> "Redis may drop sessions: its maxmemory-policy is " + policy
                        + ". Set it to volatile-ttl or noeviction, or keep sessions elsewhere (SLUICE_SESSION_STORE).");
    }

    private static String millis(Duration life) {
        return Long.toString(Math.max(1, life.toMillis()));
    }

    private Response send(String command, String... arguments) {
        try {
            Uni<Response> answer = redis.execute(command, arguments);
            return answer.await().atMost(patience);
        } catch (RuntimeException e) {
            LOG.debug("Redis does not answer", e);
            throw SessionStore.unavailable();
        }
    }
}
