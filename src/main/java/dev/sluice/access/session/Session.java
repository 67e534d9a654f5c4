package dev.sluice.access.session;

import dev.sluice.platform.identity.Caller;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;

/**
 * What the store has of a session.
 *
 * @param caller as it was at the sign-in
 * @param agent the User-Agent of the sign-in
 * @param endsAt at the latest
 * @param state what the client keeps here: JSON, as it wrote it
 * @param revision of the state: one more with every change
 */
@RegisterForReflection
public record Session(Caller caller, Instant createdAt, Instant endsAt, String agent, String state, long revision) {

    Session with(String changed) {
        return new Session(caller, createdAt, endsAt, agent, changed, revision + 1);
    }

    boolean isOver() {
        return !endsAt.isAfter(Instant.now());
    }
}
