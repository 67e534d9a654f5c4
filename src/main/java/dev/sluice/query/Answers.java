package dev.sluice.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.platform.CatalogId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.mutiny.redis.client.Response;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Small answers that were not found quickly, for a while and for all processes, by what they are recognised by: so none is
 * ever out of date. In Redis; without it each is found again. An entry that no process of ours could have written is not
 * found. The counters of all results are registered at start, so that Prometheus sees the step from 0 to 1.
 *
 * <p>The memory is bounded, for each key and in all. A counter in Redis has the bytes that were kept since the counter began,
 * and expires {@link QueryConfig#cacheFor()} later, which is the life of an answer too. So answers of at most two counters, one
 * after the other, are there at once, and each counter goes to half of the bound. An answer beyond that is not kept: no process
 * has to find one that could go. A counter is changed by a command of its own, since a cluster may have it on another server
 * than the answer.
 */
@Startup
@ApplicationScoped
class Answers {
    private static final Logger LOG = Logger.getLogger(Answers.class);

    /** Bytes of an entry, at the most. */
    private static final int SMALL = 32 * 1024;

    /** Bytes that Redis takes of an entry besides its key and value, which its allocator rounds up by a quarter at most. */
    private static final int ENTRY_BYTES = 256;

    private static final Duration PATIENCE = Duration.ofMillis(250);

    private static final String TAKE = """
            local taken = tonumber(redis.call('GET', KEYS[1]) or 0)
            if taken + ARGV[1] > tonumber(ARGV[2]) then return 0 end
            redis.call('INCRBY', KEYS[1], ARGV[1])
            if taken == 0 then redis.call('PEXPIRE', KEYS[1], ARGV[3]) end
            return 1""";

    private final ReactiveRedisDataSource redis;
    private final CatalogId catalog;
    private final QueryConfig config;
    private final MeterRegistry metrics;
    private final ObjectMapper json;

    Answers(
            ReactiveRedisDataSource redis,
            CatalogId catalog,
            QueryConfig config,
            MeterRegistry metrics,
            ObjectMapper json) {
        this.redis = redis;
        this.catalog = catalog;
        this.config = config;
        this.metrics = metrics;
        this.json = json;
        Stream.of(Result.values()).forEach(this::looks);
    }

    /** Whether Redis had the answer. */
    enum Result {
        HIT,
        MISS;

        /** As metrics have it. */
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is kept besides the body. The media type is not: it is that of the format which a request asks for. */
    @RegisterForReflection
    record Head(int status, Map<String, String> headers) {
        private static final Map<String, Pattern> HEADERS = Map.of(
                RowRange.CONTENT_RANGE, Pattern.compile("[-*/0-9]+"),
                HttpHeaders.LINK, Pattern.compile("</rest/v1/[!-~&&[^<>]]*>; rel=\"next\""),
                Preferences.APPLIED, Pattern.compile("[ -~]+"));

        static Head of(jakarta.ws.rs.core.Response answer) {
            Map<String, String> headers = new TreeMap<>();
            for (String name : HEADERS.keySet()) {
                if (answer.getHeaderString(name) != null) {
                    headers.put(name, answer.getHeaderString(name));
                }
            }
            return new Head(answer.getStatus(), headers);
        }

        /** Whether an answer of ours may have it. */
        boolean isPossible() {
            return (status == 200 || status == 206)
                    && headers != null
                    && headers.entrySet().stream().allMatch(h -> isPossible(h.getKey(), h.getValue()));
        }

        private static boolean isPossible(String name, String value) {
            Pattern values = HEADERS.get(name);
            return values != null && value != null && values.matcher(value).matches();
        }
    }

    /**
     * The answer that is kept, or else what is found now, which is kept if it is small and took some time.
     *
     * @param caller the id of whose part of the memory the answer takes
     */
    ResponseBuilder get(String etag, String caller, Supplier<ResponseBuilder> database) {
        if (config.cacheFor().isZero()) {
            return database.get();
        }
        String key = catalog.key("rows:" + etag);
        Optional<ResponseBuilder> kept = send("GETRANGE", key, "0", Integer.toString(SMALL))
                .map(Response::toBuffer)
                .filter(entry -> entry.length() <= SMALL)
                .flatMap(entry -> read(entry.toString(StandardCharsets.UTF_8)));
        looks(kept.isPresent() ? Result.HIT : Result.MISS).increment();
        if (kept.isPresent()) {
            return kept.get();
        }
        long begun = System.nanoTime();
        ResponseBuilder found = database.get();
        if (System.nanoTime() - begun >= config.cacheFrom().toNanos()) {
            keep(key, caller, found.build());
        }
        return found;
    }

    private Counter looks(Result result) {
        return metrics.counter("sluice.rows.cache", "result", result.label());
    }

    private void keep(String key, String caller, jakarta.ws.rs.core.Response answer) {
        Head head = Head.of(answer);
        if (!(answer.getEntity() instanceof byte[] body) || !head.isPossible()) {
            return;
        }
        String first = written(head) + '\n';
        int bytes = first.length() + body.length;
        long taken = (key.length() + bytes) * 5L / 4 + ENTRY_BYTES;
        if (bytes <= SMALL
                && take("rows:bytes:{" + caller + "}", taken, config.cachePerKey())
                && take("rows:bytes", taken, config.cacheMemory())) {
            send("SET", key, first + new String(body, StandardCharsets.UTF_8), "PX", life());
        }
    }

    private boolean take(String counter, long bytes, MemorySize most) {
        String half = Long.toString(most.asLongValue() / 2);
        return send("EVAL", TAKE, "1", catalog.key(counter), Long.toString(bytes), half, life())
                .filter(answer -> answer.toInteger() == 1)
                .isPresent();
    }

    private String life() {
        return Long.toString(Math.max(1, config.cacheFor().toMillis()));
    }

    private String written(Head head) {
        try {
            return json.writeValueAsString(head);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<ResponseBuilder> read(String entry) {
        int end = entry.indexOf('\n');
        if (end < 0) {
            return Optional.empty();
        }
        try {
            Head head = json.readValue(entry.substring(0, end), Head.class);
            if (head == null || !head.isPossible()) {
                return Optional.empty();
            }
            ResponseBuilder answer = jakarta.ws.rs.core.Response.status(head.status)
                    .entity(entry.substring(end + 1).getBytes(StandardCharsets.UTF_8));
            head.headers.forEach(answer::header);
            return Optional.of(answer);
        } catch (JsonProcessingException e) {
            LOG.debug("Another release has kept this, or none", e);
            return Optional.empty();
        }
    }

    private Optional<Response> send(String command, String... arguments) {
        try {
            return Stream.ofNullable(redis.execute(command, arguments).await().atMost(PATIENCE))
                    .findAny();
        } catch (RuntimeException e) {
            LOG.debug("Redis does not answer", e);
            return Optional.empty();
        }
    }
}
