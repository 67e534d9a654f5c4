package dev.sluice.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.platform.CatalogId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.annotations.RegisterForReflection;
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
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Small answers that were not found quickly, for a while and for all processes, by what they are recognised by: so none is
 * ever out of date. In Redis; without it each is found again. The counters of all results are registered at start, so that
 * Prometheus sees the step from 0 to 1.
 */
@Startup
@ApplicationScoped
class Answers {
    private static final Logger LOG = Logger.getLogger(Answers.class);
    private static final int SMALL = 32 * 1024;
    private static final Duration PATIENCE = Duration.ofMillis(250);

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

    /** What is kept besides the body. */
    @RegisterForReflection
    record Head(int status, Map<String, String> headers) {
        static Head of(jakarta.ws.rs.core.Response answer) {
            Map<String, String> headers = new TreeMap<>();
            for (String name : new String[] {
                HttpHeaders.CONTENT_TYPE, RowRange.CONTENT_RANGE, HttpHeaders.LINK, Preferences.APPLIED
            }) {
                if (answer.getHeaderString(name) != null) {
                    headers.put(name, answer.getHeaderString(name));
                }
            }
            return new Head(answer.getStatus(), headers);
        }
    }

    /** The answer that is kept, or else what is found now, which is kept if it is small and took some time. */
    ResponseBuilder get(String etag, Supplier<ResponseBuilder> database) {
        if (config.cacheFor().isZero()) {
            return database.get();
        }
        String key = catalog.key("rows:" + etag);
        Optional<String> kept = send("GET", key).map(Response::toString);
        looks(kept.isPresent() ? Result.HIT : Result.MISS).increment();
        if (kept.isPresent()) {
            return read(kept.get());
        }
        long begun = System.nanoTime();
        ResponseBuilder found = database.get();
        if (System.nanoTime() - begun >= config.cacheFrom().toNanos()) {
            keep(key, found.build());
        }
        return found;
    }

    private Counter looks(Result result) {
        return metrics.counter("sluice.rows.cache", "result", result.label());
    }

    private void keep(String key, jakarta.ws.rs.core.Response answer) {
        if (answer.getEntity() instanceof byte[] body && body.length <= SMALL) {
            String kept = written(Head.of(answer)) + '\n' + new String(body, StandardCharsets.UTF_8);
            send("SET", key, kept, "PX", Long.toString(config.cacheFor().toMillis()));
        }
    }

    private String written(Head head) {
        try {
            return json.writeValueAsString(head);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private ResponseBuilder read(String kept) {
        try {
            int end = kept.indexOf('\n');
            Head head = json.readValue(kept.substring(0, end), Head.class);
            ResponseBuilder answer = jakarta.ws.rs.core.Response.status(head.status)
                    .entity(kept.substring(end + 1).getBytes(StandardCharsets.UTF_8));
            head.headers.forEach(answer::header);
            return answer;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
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
