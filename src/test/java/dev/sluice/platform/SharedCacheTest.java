package dev.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@QuarkusTest
class SharedCacheTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Inject
    SharedCache cache;

    @Inject
    ReactiveRedisDataSource redis;

    @Inject
    CatalogId catalog;

    private final String group = UUID.randomUUID().toString();
    private final AtomicInteger asked = new AtomicInteger();

    private Optional<String> get(String entry) {
        return cache.get(group, entry, String.class, LONG, () -> Optional.of(entry + " ä " + asked.incrementAndGet()));
    }

    @Test
    void theSourceIsAskedOnce() {
        assertThat(get("a")).contains("a ä 1");
        assertThat(get("a")).contains("a ä 1");
        assertThat(get("b")).contains("b ä 2");
        assertThat(get("a")).contains("a ä 1");
    }

    @Test
    void nothingIsKeptOfASourceThatSaysNothing() {
        assertThat(cache.get(group, "a", String.class, LONG, Optional::empty)).isEmpty();
        assertThatThrownBy(() -> cache.get(group, "a", String.class, LONG, () -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(get("a")).contains("a ä 1");
    }

    @Test
    void aGroupIsForgottenAsAWhole() {
        get("a");
        get("b");
        assertThat(cache.forget(group)).isTrue();
        assertThat(get("a")).contains("a ä 3");
        assertThat(get("b")).contains("b ä 4");
    }

    @Test
    void whatWasFoundOutBeforeItWasForgottenIsNotKept() {
        cache.get(group, "a", String.class, LONG, () -> {
            cache.forget(group); // while this is on its way
            return Optional.of("old");
        });
        assertThat(get("a")).contains("a ä 1");
        assertThat(get("a")).as("nor is anything else for a while").contains("a ä 2");
    }

    /** As of a process that was frozen for longer than it is remembered that a group was forgotten. */
    @Test
    void whatTookLongerToFindOutThanTheFenceIsNotKept() {
        String key = catalog.key("cache:" + group);
        cache.get(group, "a", String.class, LONG, () -> {
            cache.forget(group);
            send("DEL", key);
            return Optional.of("just in time");
        });
        assertThat(get("a")).contains("just in time");
        send("DEL", key);
        // the same by hand, with the time of half a minute ago
        long now = Long.parseLong(
                redis.execute("TIME").await().indefinitely().get(0).toString());
        send("EVAL", SharedCache.KEEP, "1", key, "a", "\"late\"", (now - 31) + "000000", "30000000", "60000");
        assertThat(get("a")).contains("a ä 1");
    }

    @Test
    void itEndsWithItsLife() {
        get("a");
        long left = redis.execute("PTTL", catalog.key("cache:" + group))
                .await()
                .indefinitely()
                .toLong();
        assertThat(left).isBetween(LONG.toMillis() - 30_000, LONG.toMillis());
    }

    private void send(String command, String... arguments) {
        redis.execute(command, arguments).await().indefinitely();
    }
}
