package dev.sluice.access.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.access.key.KeyRevoked;
import dev.sluice.access.key.Secret;
import dev.sluice.platform.CatalogId;
import dev.sluice.platform.Precondition;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The sessions there are. Each is one item of the store, under the hash of its secret, and each key has an item that lists
 * the sessions which were begun with it; such a list may have ended ones, but lacks none.
 */
@ApplicationScoped
public class Sessions {
    /** As often as others may change the same item at the same time. */
    private static final int TRIES = 100;

    private static final int MAX_AGENT = 300;

    private final SessionStore store;
    private final CatalogId catalog;
    private final SessionConfig config;
    private final ObjectMapper json;

    Sessions(SessionStore store, CatalogId catalog, SessionConfig config, ObjectMapper json) {
        this.store = store;
        this.catalog = catalog;
        this.config = config;
        this.json = json;
    }

    /**
     * A session that was just begun.
     *
     * @param secret which only its client is told
     * @param ended ids of those that had to end for it
     */
    record Begun(String secret, LiveSession session, List<String> ended) {}

    /**
     * Begins a session.
     *
     * @param latest when it ends at the latest; {@code null}: when sessions end anyway
     */
    Begun begin(Caller caller, Instant latest, String agent) {
        String secret = Secret.random();
        String id = Secret.hash(secret);
        Instant now = Instant.now();
        Instant end = now.plus(config.lifetime());
        Session session = new Session(
                caller,
                now,
                latest != null && latest.isBefore(end) ? latest : end,
                agent == null ? null : agent.substring(0, Math.min(MAX_AGENT, agent.length())),
                "{}",
                0);
        if (!store.add(item(id), written(session), config.idle())) {
            throw SessionStore.unavailable();
        }
        // After that: what is listed and not there counts as ended. Nobody knows the secret before both are done.
        change(caller.id(), ids -> Stream.concat(ids.stream(), Stream.of(id)).toList());
        return new Begun(secret, new LiveSession(id, session, now), endOldest(caller.id()));
    }

    /** The session of that secret, if it goes on; it was used now. Takes one round trip to the store. */
    public Optional<LiveSession> find(String secret) {
        String id = Secret.hash(secret);
        return store.touch(item(id), config.idle())
                .map(this::read)
                .filter(session -> !session.isOver())
                .map(session -> new LiveSession(id, session, Instant.now()));
    }

    /** The sessions of a key, the latest first. */
    List<LiveSession> of(String key) {
        List<LiveSession> found = new ArrayList<>();
        for (String id : ids(key)) {
            store.get(item(id)).ifPresent(stored -> {
                Session session = read(stored.value());
                if (!session.isOver()) {
                    Instant seen = Instant.now().minus(config.idle().minus(stored.left()));
                    found.addFirst(new LiveSession(id, session, seen));
                }
            });
        }
        return found;
    }

    /** Whether a session goes on, which is not using it. */
    public boolean goesOn(LiveSession session) {
        return store.get(item(session.id()))
                .filter(stored -> !read(stored.value()).isOver())
                .isPresent();
    }

    /** Ends a session of a key; false if it has no such session. */
    boolean end(String key, String id) {
        if (!Secret.isHash(id)) {
            return false;
        }
        Optional<Session> found = store.get(item(id)).map(stored -> read(stored.value()));
        if (found.filter(session -> session.caller().id().equals(key)).isEmpty()) {
            return false;
        }
        return endAll(key, List.of(id)).contains(id);
    }

    /** Ends all sessions of a key that were begun before this; false if there were none. */
    boolean endAll(String key) {
        return !endAll(key, ids(key)).isEmpty();
    }

    /** Those of them that had not ended. Only they leave the list: it may have another by now. */
    private List<String> endAll(String key, List<String> ids) {
        List<String> ended = ids.stream().filter(id -> store.remove(item(id))).toList();
        unlist(key, ids);
        return ended;
    }

    /** The sessions that a key has too many; ended ones that are still listed do not count. */
    private List<String> endOldest(String key) {
        List<String> ids = ids(key);
        if (ids.size() <= config.perKey()) {
            return List.of();
        }
        Map<Boolean, List<String>> there = ids.stream()
                .collect(Collectors.partitioningBy(id -> store.get(item(id)).isPresent()));
        unlist(key, there.get(false));
        List<String> live = there.get(true);
        return endAll(key, live.subList(0, Math.max(0, live.size() - config.perKey())));
    }

    void revoked(@Observes KeyRevoked key) {
        endAll(key.key());
    }

    /**
     * Keeps the state of a client.
     *
     * @param state JSON
     * @param precondition of the state it is to replace
     * @throws ProblemException {@code PRECONDITION_FAILED}, {@code SESSION_ENDED}
     */
    LiveSession keep(String id, Precondition precondition, String state) {
        for (int i = 0; i < TRIES; i++) {
            String stored = store.touch(item(id), config.idle())
                    .orElseThrow(() -> new ProblemException(ErrorCode.SESSION_ENDED, "Sign in again."));
            LiveSession live = new LiveSession(id, read(stored), Instant.now());
            precondition.check(live.etag());
            Session changed = live.session().with(state);
            if (store.replace(item(id), stored, written(changed), config.idle())) {
                return new LiveSession(id, changed, live.lastSeenAt());
            }
        }
        throw SessionStore.unavailable();
    }

    private List<String> ids(String key) {
        return store.get(list(key)).map(stored -> split(stored.value())).orElse(List.of());
    }

    private void unlist(String key, Collection<String> gone) {
        if (!gone.isEmpty()) {
            change(key, ids -> ids.stream().filter(id -> !gone.contains(id)).toList());
        }
    }

    private void change(String key, UnaryOperator<List<String>> change) {
        Duration life = config.lifetime().plus(config.idle()); // longer than any session in it
        for (int i = 0; i < TRIES; i++) {
            String now = store.get(list(key)).map(SessionStore.Stored::value).orElse(null);
            String then = String.join(" ", change.apply(now == null ? List.of() : split(now)));
            if (now == null ? store.add(list(key), then, life) : store.replace(list(key), now, then, life)) {
                return;
            }
        }
        throw SessionStore.unavailable();
    }

    private static List<String> split(String ids) {
        return ids.isEmpty() ? List.of() : Arrays.asList(ids.split(" "));
    }

    private String item(String id) {
        return catalog.key("session:" + id);
    }

    private String list(String key) {
        return item("of:" + key);
    }

    private String written(Session session) {
        try {
            return json.writeValueAsString(session);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Session read(String stored) {
        try {
            return json.readValue(stored, Session.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
