package dev.sluice.access.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.access.key.KeyRevoked;
import dev.sluice.access.key.Secret;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
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
    private final SessionConfig config;
    private final ObjectMapper json;

    Sessions(SessionStore store, SessionConfig config, ObjectMapper json) {
        this.store = store;
        this.config = config;
        this.json = json;
    }

    /**
     * A session that was just begun.
     *
     * @param secret which only its client is told
     */
    record Begun(String secret, LiveSession session) {}

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
        change(list(caller.id()), ids -> with(ids, id)); // first: a session that is not listed could not be revoked
        store.add(id, written(session), config.idle());
        return new Begun(secret, new LiveSession(id, session, now));
    }

    /** The session of that secret, if it goes on; it was used now. Takes one round trip to the store. */
    public Optional<LiveSession> find(String secret) {
        String id = Secret.hash(secret);
        return store.touch(id, config.idle())
                .map(this::read)
                .filter(session -> !session.isOver())
                .map(session -> new LiveSession(id, session, Instant.now()));
    }

    /** The sessions of a key, the latest first. */
    List<LiveSession> of(String key) {
        List<LiveSession> found = new ArrayList<>();
        for (String id : ids(key)) {
            store.get(id).ifPresent(stored -> {
                Session session = read(stored.value());
                if (!session.isOver()) {
                    Instant seen = Instant.now().minus(config.idle().minus(stored.left()));
                    found.addFirst(new LiveSession(id, session, seen));
                }
            });
        }
        return found;
    }

    /** Ends a session of a key; false if it has no such session. */
    boolean end(String key, String id) {
        return ids(key).contains(id) && store.remove(id);
    }

    /** Ends all sessions of a key. */
    void endAll(String key) {
        ids(key).forEach(store::remove);
        store.remove(list(key));
    }

    void revoked(@Observes KeyRevoked key) {
        endAll(key.key());
    }

    /**
     * Keeps the state of a client.
     *
     * @param state JSON
     * @param etag of the state it is to replace; {@code null}: whatever there is
     * @throws ProblemException {@code PRECONDITION_FAILED}, {@code SESSION_ENDED}
     */
    LiveSession keep(String id, String etag, String state) {
        for (int i = 0; i < TRIES; i++) {
            String stored = store.touch(id, config.idle())
                    .orElseThrow(() -> new ProblemException(ErrorCode.SESSION_ENDED, "Sign in again."));
            LiveSession live = new LiveSession(id, read(stored), Instant.now());
            if (etag != null && !etag.equals("*") && !etag.equals(live.etag())) {
                throw new ProblemException(
                        ErrorCode.PRECONDITION_FAILED, "The state is another one by now: " + live.etag() + ".");
            }
            Session changed = live.session().with(state);
            if (store.replace(id, stored, written(changed), config.idle())) {
                return new LiveSession(id, changed, live.lastSeenAt());
            }
        }
        throw SessionStore.unavailable();
    }

    private List<String> with(List<String> ids, String id) {
        List<String> all = Stream.concat(ids.stream(), Stream.of(id)).toList();
        int most = config.perKey();
        all.stream().limit(Math.max(0, all.size() - most)).forEach(store::remove);
        return all.subList(Math.max(0, all.size() - most), all.size());
    }

    private List<String> ids(String key) {
        return store.get(list(key)).map(stored -> split(stored.value())).orElse(List.of());
    }

    private void change(String list, UnaryOperator<List<String>> change) {
        Duration life = config.lifetime().plus(config.idle()); // longer than any session in it
        for (int i = 0; i < TRIES; i++) {
            String now = store.get(list).map(SessionStore.Stored::value).orElse(null);
            String then = String.join(" ", change.apply(now == null ? List.of() : split(now)));
            if (now == null ? store.add(list, then, life) : store.replace(list, now, then, life)) {
                return;
            }
        }
        throw SessionStore.unavailable();
    }

    private static List<String> split(String ids) {
        return Arrays.asList(ids.split(" "));
    }

    private static String list(String key) {
        return "of:" + key;
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
