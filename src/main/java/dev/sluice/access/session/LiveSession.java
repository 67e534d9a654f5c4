package dev.sluice.access.session;

import dev.sluice.platform.identity.Caller;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;

/**
 * A session that goes on.
 *
 * @param id the hash of its secret
 */
public record LiveSession(String id, Session session, Instant lastSeenAt) {
    private static final String KEY = LiveSession.class.getName();
    private static final int OF_ID = 8;

    /** That of a request which was let in, if it has one. */
    static Optional<LiveSession> of(RoutingContext routing) {
        return Optional.ofNullable(routing.get(KEY));
    }

    /** Makes it that of a request. */
    public void serve(RoutingContext routing) {
        routing.put(KEY, this);
    }

    public Caller caller() {
        return session.caller();
    }

    /** Of the state: another one in another session, and after every change. */
    String etag() {
        return "\"" + id.substring(0, OF_ID) + "." + session.revision() + "\"";
    }
}
