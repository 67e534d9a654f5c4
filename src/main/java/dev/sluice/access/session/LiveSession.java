package dev.sluice.access.session;

import dev.sluice.platform.identity.Caller;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

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
        Supplier<Optional<LiveSession>> found = routing.get(KEY);
        return found == null ? Optional.empty() : found.get();
    }

    /** Makes it that of a request, which may never ask for it. */
    public static void serve(RoutingContext routing, Supplier<Optional<LiveSession>> session) {
        routing.put(KEY, session);
    }

    public Caller caller() {
        return session.caller();
    }

    /** Of the state: another one in another session, and after every change. */
    String etag() {
        return "\"" + id.substring(0, OF_ID) + "." + session.revision() + "\"";
    }
}
