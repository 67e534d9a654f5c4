package dev.sluice.platform.identity;

import io.vertx.ext.web.RoutingContext;

/** Whether who was let in with a request would be let in again: to be asked while an answer goes on for long. */
@FunctionalInterface
public interface StillAllowed {
    /**
     * Asks.
     *
     * @throws RuntimeException if nobody can say so at the moment
     */
    boolean test();

    /** Makes it that of a request. */
    static void put(RoutingContext routing, StillAllowed allowed) {
        routing.put(StillAllowed.class.getName(), allowed);
    }

    /** That of a request; where nobody needs a key it is always so. */
    static StillAllowed of(RoutingContext routing) {
        StillAllowed allowed = routing.get(StillAllowed.class.getName());
        return allowed == null ? () -> true : allowed;
    }
}
