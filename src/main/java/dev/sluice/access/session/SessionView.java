package dev.sluice.access.session;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Scope;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A session as its owner sees it.
 *
 * @param current whether it is the one that asks
 */
record SessionView(
        String id,
        boolean current,
        String key,
        String name,
        List<String> scopes,
        List<String> datasets,
        Instant createdAt,
        Instant lastSeenAt,
        Instant expiresAt,
        String userAgent,
        @JsonRawValue String state) {

    static SessionView of(LiveSession live, boolean current) {
        Session session = live.session();
        Caller caller = session.caller();
        return new SessionView(
                live.id(),
                current,
                caller.id(),
                caller.name(),
                Stream.of(Scope.values())
                        .filter(caller.scope()::includes)
                        .map(Scope::word)
                        .toList(),
                caller.datasets(),
                session.createdAt(),
                live.lastSeenAt(),
                session.endsAt(),
                session.agent(),
                session.state());
    }
}
