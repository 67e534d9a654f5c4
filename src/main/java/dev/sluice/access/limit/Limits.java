package dev.sluice.access.limit;

import dev.sluice.platform.CatalogId;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.DailyBytes;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Counts what callers ask for. Requests by the generic cell rate algorithm (ITU-T I.371, appendix A; GCRA): one time a
 * caller, by the clock of Redis, so the processes need not agree on the time. Bytes by the day of UTC.
 */
@ApplicationScoped
public class Limits implements DailyBytes {
    private static final Logger LOG = Logger.getLogger(Limits.class);

    /** In microseconds; the answer: whether it conforms, how many more would, until when one does, until all would. */
    private static final String GCRA = """
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            local interval, tolerance = tonumber(ARGV[1]), ARGV[1] * ARGV[2]
            local tat = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
            local new = tat + interval
            if new - tolerance > now then
              return {0, 0, math.ceil(new - tolerance - now), math.ceil(tat - now)}
            end
            redis.call('SET', KEYS[1], string.format('%.0f', new), 'PX', math.ceil((new - now) / 1000))
            return {1, math.floor((now + tolerance - new) / interval), 0, math.ceil(new - now)}""";

    private static final String TAKE = """
            local taken = redis.call('INCRBY', KEYS[1], ARGV[1])
            redis.call('EXPIRE', KEYS[1], 172800)
            return taken""";

    private static final double MICROS = 1_000_000;

    private final ReactiveRedisDataSource redis;
    private final CatalogId catalog;
    private final LimitConfig config;

    Limits(ReactiveRedisDataSource redis, CatalogId catalog, LimitConfig config) {
        this.redis = redis;
        this.catalog = catalog;
        this.config = config;
    }

    /**
     * Counts a request from an address and, if it is known whose it is, of that key: both at once, whatever the other says.
     *
     * @return those limits there are that could be asked for, the address's first
     */
    public List<Allowance> request(String address, Optional<String> key) {
        List<Uni<Optional<Allowance>>> asked = new ArrayList<>();
        asked.add(request("address", address, config.address()));
        key.ifPresent(k -> asked.add(request("key", k, config.key())));
        return all(asked);
    }

    /** Counts a sign-in with a key, which is a request of it too; those limits there are that could be asked for. */
    public List<Allowance> signIn(String key) {
        double interval = MICROS * Duration.ofHours(1).toSeconds() / config.signInsPerHour();
        return all(
                List.of(request("key", key, config.key()), request("sign-in", key, interval, config.signInsPerHour())));
    }

    private static List<Allowance> all(List<Uni<Optional<Allowance>>> asked) {
        return Uni.join().all(asked).andFailFast().await().indefinitely().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Counts a request of a key. Empty if there is no limit, or none that could be asked for. */
    public Optional<Allowance> key(String key) {
        return request("key", key, config.key()).await().indefinitely();
    }

    private Uni<Optional<Allowance>> request(String policy, String who, LimitConfig.Requests rate) {
        return request(policy, who, MICROS / rate.perSecond(), rate.burst());
    }

    /** @param interval in microseconds; infinite if there is no limit */
    private Uni<Optional<Allowance>> request(String policy, String who, double interval, int burst) {
        if (Double.isInfinite(interval)) {
            return Uni.createFrom().item(Optional.empty());
        }
        String name = "limit:{" + who + "}:" + policy;
        return eval(GCRA, name, Double.toString(interval), Integer.toString(burst))
                .map(answer -> answer.map(counted -> new Allowance(
                        policy,
                        burst,
                        Duration.ofNanos(Math.round(interval * burst * 1000)),
                        counted.get(0).toInteger() == 1,
                        counted.get(1).toLong(),
                        micros(counted.get(2)),
                        micros(counted.get(3)))));
    }

    private static Duration micros(Response number) {
        return Duration.of(number.toLong(), ChronoUnit.MICROS);
    }

    @Override
    public void take(String caller, long bytes) {
        if (config.bytesPerDay().isEmpty() || caller == null || caller.equals(Caller.ANYBODY.id())) {
            return;
        }
        long most = config.bytesPerDay().get().asLongValue();
        Instant now = Instant.now();
        String day = now.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        String name = "limit:{" + caller + "}:bytes:" + day;
        eval(TAKE, name, Long.toString(bytes))
                .await()
                .indefinitely()
                .filter(taken -> taken.toLong() > most || bytes == 0 && taken.toLong() == most)
                .ifPresent(_ -> {
                    Instant tomorrow = now.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
                    throw new ProblemException(
                            ErrorCode.RATE_LIMITED,
                            "The key has loaded the " + most + " bytes of this day (UTC).",
                            Duration.between(now, tomorrow));
                });
    }

    /** Ends within {@link LimitConfig#patience()}. */
    private Uni<Optional<Response>> eval(String script, String name, String... arguments) {
        return Uni.createFrom()
                .item(() -> Stream.concat(Stream.of(script, "1", catalog.key(name)), Stream.of(arguments)))
                .flatMap(all -> redis.execute("EVAL", all.toArray(String[]::new)))
                .ifNoItem()
                .after(config.patience())
                .fail()
                .map(Optional::of)
                .onFailure()
                .recoverWithItem(this::withoutRedis);
    }

    private Optional<Response> withoutRedis(Throwable failure) {
        LOG.debug("Redis does not answer", failure);
        return switch (config.withoutRedis()) {
            case OPEN -> Optional.empty();
            case CLOSED ->
                throw new ProblemException(ErrorCode.LIMITS_UNAVAILABLE, "Redis, which counts, does not answer.");
        };
    }
}
