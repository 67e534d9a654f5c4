package dev.sluice.platform;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/**
 * Ends the connection of a client that is answered before it has sent its whole body. What it still sends is read and
 * thrown away for a while, because closing at once would lose the answer (RFC 9112, section 9.6).
 */
public final class HangUp {
    private static final Duration LINGER = Duration.ofSeconds(10);

    private HangUp() {}

    /** As {@link #after}, if the request has a body that is not here yet. */
    public static void ifBodyIsLeft(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (!request.isEnded()
                && (request.headers().contains("Content-Length")
                        || request.headers().contains("Transfer-Encoding"))) {
            after(routing);
        }
    }

    /** To be called before the answer is written. */
    public static void after(RoutingContext routing) {
        routing.response().putHeader("Connection", "close");
        HttpServerRequest request = routing.request();
        routing.addEndHandler(_ -> {
            if (!request.isEnded()) {
                request.handler(_ -> {}); // whoever was to read it would keep it
            }
            routing.vertx()
                    .setTimer(LINGER.toMillis(), _ -> request.connection().close());
        });
    }
}
