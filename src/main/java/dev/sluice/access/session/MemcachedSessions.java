package dev.sluice.access.session;

import com.spotify.folsom.BinaryMemcacheClient;
import com.spotify.folsom.GetResult;
import com.spotify.folsom.MemcacheClientBuilder;
import com.spotify.folsom.MemcacheStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Sessions in Memcached. It does not say how long a value has to live: an item beside each says when it will have expired,
 * by the clock of the process that touched it last. Lives are whole seconds there, so they are rounded up.
 */
final class MemcachedSessions implements SessionStore, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(MemcachedSessions.class);
    private static final String EXPIRY = ":expiry";
    private static final long MONTH = 60 * 60 * 24 * 30;

    private final BinaryMemcacheClient<String> client;
    private final Duration patience;

    private MemcachedSessions(BinaryMemcacheClient<String> client, Duration patience) {
        this.client = client;
        this.patience = patience;
    }

    /** Connects, and does so again in the background whenever it has to. Waits for {@code patience} at most. */
    static MemcachedSessions on(List<String> servers, Duration patience) {
        MemcacheClientBuilder<String> builder = MemcacheClientBuilder.newStringClient(StandardCharsets.UTF_8)
                .withConnectionTimeoutMillis(patience.toMillis())
                .withReplyExecutor(Runnable::run);
        for (String server : servers) {
            int colon = server.lastIndexOf(':');
            builder = colon < 0
                    ? builder.withAddress(server)
                    : builder.withAddress(server.substring(0, colon), Integer.parseInt(server.substring(colon + 1)));
        }
        BinaryMemcacheClient<String> client = builder.connectBinary();
        try {
            client.awaitConnected(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException e) {
            LOG.warn("Memcached does not answer; there are no sessions until it does");
        }
        return new MemcachedSessions(client, patience);
    }

    @Override
    public Optional<String> touch(String key, Duration life) {
        CompletionStage<String> value = client.getAndTouch(key, seconds(life));
        // Not after it: both are one round trip. Replaced: there is none of what is not there.
        CompletionStage<MemcacheStatus> expiry = client.replace(key + EXPIRY, expiry(life), seconds(life));
        await(expiry);
        return Optional.ofNullable(await(value));
    }

    private void expires(String key, Duration life) {
        isDone(await(client.set(key + EXPIRY, expiry(life), seconds(life))));
    }

    private static String expiry(Duration life) {
        return Instant.now().plus(life).toString();
    }

    @Override
    public Optional<String> evicts() {
        return await(client.getStats("settings")).values().stream()
                .map(server -> server.getStats().get("evictions"))
                .filter("on"::equals)
                .findFirst()
                .map(_ -> "Memcached may drop sessions when it is full. Start it with -M.");
    }

    @Override
    public Optional<Stored> get(String key) {
        List<String> found = await(client.get(List.of(key, key + EXPIRY)));
        if (found.get(0) == null) {
            return Optional.empty();
        }
        Duration left =
                found.get(1) == null ? Duration.ZERO : Duration.between(Instant.now(), Instant.parse(found.get(1)));
        return Optional.of(new Stored(found.get(0), left.isNegative() ? Duration.ZERO : left));
    }

    @Override
    public boolean add(String key, String value, Duration life) {
        if (!isDone(await(client.add(key, value, seconds(life))))) {
            return false;
        }
        expires(key, life);
        return true;
    }

    @Override
    public boolean replace(String key, String expected, String value, Duration life) {
        GetResult<String> found = await(client.casGet(key));
        if (found == null || !found.getValue().equals(expected)) {
            return false;
        }
        if (!isDone(await(client.set(key, value, seconds(life), found.getCas())))) {
            return false;
        }
        expires(key, life);
        return true;
    }

    @Override
    public boolean remove(String key) {
        return isDone(await(client.delete(key)));
    }

    /** False if what is there, or is not, kept it from being done. */
    private static boolean isDone(MemcacheStatus status) {
        return switch (status) {
            case OK -> true;
            case KEY_EXISTS, KEY_NOT_FOUND, ITEM_NOT_STORED -> false;
            default -> throw SessionStore.unavailable(); // out of memory, for one
        };
    }

    /** As it reads them: what is more than a month is a time, since 1970. */
    private static int seconds(Duration life) {
        long seconds = Math.max(1, life.plusMillis(999).toSeconds());
        return Math.toIntExact(seconds > MONTH ? Instant.now().getEpochSecond() + seconds : seconds);
    }

    private <T> T await(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SessionStore.unavailable();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Memcached does not answer", e);
            throw SessionStore.unavailable();
        }
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
