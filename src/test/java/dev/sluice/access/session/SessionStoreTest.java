package dev.sluice.access.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.harness.Await;
import dev.sluice.harness.Memcached;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a store of sessions promises, of each there is. Memcached runs if the machine has it (Debian: memcached). */
@QuarkusTest
class SessionStoreTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static Memcached memcached;
    private static MemcachedSessions ofMemcached;

    @Inject
    ReactiveRedisDataSource redis;

    private final String key = UUID.randomUUID().toString();

    @AfterAll
    static void stop() {
        if (memcached != null) {
            ofMemcached.close();
            memcached.close();
        }
    }

    private SessionStore store(SessionConfig.Store kind) throws IOException {
        return switch (kind) {
            case REDIS -> new RedisSessions(redis, PATIENCE);
            case MEMCACHED -> memcached();
        };
    }

    private static SessionStore memcached() throws IOException {
        if (memcached == null) {
            memcached = Memcached.start();
            ofMemcached = MemcachedSessions.on(List.of(memcached.address()), PATIENCE);
        }
        return ofMemcached;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAddedIsThereAndIsNotAddedTwice(SessionConfig.Store kind) throws IOException {
        SessionStore store = store(kind);
        assertThat(store.get(key)).isEmpty();
        assertThat(store.touch(key, LONG)).isEmpty();
        assertThat(store.add(key, "ä \"1\"", LONG)).isTrue();
        assertThat(store.add(key, "2", LONG)).isFalse();

        assertThat(store.touch(key, LONG)).contains("ä \"1\"");
        SessionStore.Stored stored = store.get(key).orElseThrow();
        assertThat(stored.value()).isEqualTo("ä \"1\"");
        assertThat(stored.left()).isBetween(LONG.minusSeconds(10), LONG);
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatIsExpectedIsReplaced(SessionConfig.Store kind) throws IOException {
        SessionStore store = store(kind);
        assertThat(store.replace(key, "1", "2", LONG)).isFalse();
        assertThat(store.get(key)).isEmpty();
        store.add(key, "1", LONG);
        assertThat(store.replace(key, "1", "2", LONG)).isTrue();
        assertThat(store.replace(key, "1", "3", LONG)).isFalse();
        assertThat(store.touch(key, LONG)).contains("2");
    }

    @ParameterizedTest
    @EnumSource
    void ofManyWhoReplaceTheSameOneDoes(SessionConfig.Store kind) throws Exception {
        SessionStore store = store(kind);
        store.add(key, "0", LONG);
        AtomicInteger done = new AtomicInteger();
        List<Thread> clients = java.util.stream.IntStream.rangeClosed(1, 8)
                .mapToObj(i -> Thread.ofPlatform().start(() -> {
                    if (store.replace(key, "0", "by " + i, LONG)) {
                        done.incrementAndGet();
                    }
                }))
                .toList();
        for (Thread client : clients) {
            client.join();
        }
        assertThat(done).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource
    void whatIsRemovedIsGone(SessionConfig.Store kind) throws IOException {
        SessionStore store = store(kind);
        store.add(key, "1", LONG);
        assertThat(store.remove(key)).isTrue();
        assertThat(store.remove(key)).isFalse();
        assertThat(store.touch(key, LONG)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void itExpiresAndATouchPutsThatOff(SessionConfig.Store kind) throws IOException {
        SessionStore store = store(kind);
        store.add(key, "1", SHORT);
        store.add(key + "-touched", "1", SHORT);
        store.touch(key + "-touched", LONG);
        assertThat(store.get(key + "-touched").orElseThrow().left()).isGreaterThan(SHORT);

        Await.until("its end", SHORT.multipliedBy(3), () -> store.get(key).isEmpty());
        assertThat(store.get(key + "-touched")).isPresent();
    }

    @Test
    void nothingIsKeptOfWhatIsNotThere() throws IOException {
        SessionStore store = memcached();
        store.touch(key, LONG);
        assertThat(store.get(key + ":expiry")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void sixteenKiBFit(SessionConfig.Store kind) throws IOException {
        SessionStore store = store(kind);
        String value = "x".repeat(20 * 1024);
        store.add(key, value, LONG);
        assertThat(store.touch(key, LONG)).contains(value);
    }

    @Test
    void whereNobodyAnswersThatIsSaid() throws IOException {
        int nobodysPort;
        try (ServerSocket socket = new ServerSocket(0)) {
            nobodysPort = socket.getLocalPort();
        }
        try (MemcachedSessions nobody =
                MemcachedSessions.on(List.of("127.0.0.1:" + nobodysPort), Duration.ofMillis(200))) {
            assertThatThrownBy(() -> nobody.touch(key, LONG))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("does not answer");
        }
    }
}
