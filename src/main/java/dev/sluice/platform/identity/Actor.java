package dev.sluice.platform.identity;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.core.SecurityContext;

/**
 * Who does what the audit records, and from where.
 *
 * @param id {@link Caller#id}, or a word for what has no key; {@code null} if an earlier release did not write it down
 * @param address of the client, behind trusted proxies too; {@code null} where no request does it
 */
public record Actor(String id, String address) {

    /** The caller of a request that was let in. */
    public static Actor of(SecurityContext security, RoutingContext routing) {
        return of(Caller.of(security).id(), routing);
    }

    /** The one of that id, by a request. */
    public static Actor of(String id, RoutingContext routing) {
        return new Actor(id, routing.request().remoteAddress().hostAddress());
    }

    /** The one of that id, without a request. */
    public static Actor of(String id) {
        return new Actor(id, null);
    }
}
