package dev.sluice.platform.memory;

import io.netty.channel.ChannelHandler;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** In the pipeline of a connection: knows when the client has taken an answer, and whether others wait for what it holds. */
public interface Taking extends ChannelHandler {
    /** That of the connection by which a request came; empty once the connection has ended. */
    static Optional<Taking> of(RoutingContext routing) {
        return Optional.ofNullable(((ConnectionBase) routing.request().connection())
                .channel()
                .pipeline()
                .get(Taking.class));
    }

    /** Whether other requests wait for the memory that the connection holds; by any thread. */
    boolean isAwaited();

    /** Does something once the client has taken all of the answer that is made now, or has gone; by any thread. */
    void whenTaken(Runnable action);
}
