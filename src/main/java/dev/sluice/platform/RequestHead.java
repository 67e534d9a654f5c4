package dev.sluice.platform;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.Problem;
import dev.sluice.platform.problem.Problems;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;

/** Refuses what is no request: before any resource, and with a problem document too. */
public final class RequestHead {
    void check(@Observes Router router) {
        router.route()
                .order(Integer.MIN_VALUE)
                .handler(RequestHead::requireOneHost)
                .failureHandler(RequestHead::answerMistakes);
    }

    /** Two could be taken for different ones by whoever is between (RFC 9112, section 3.2). */
    private static void requireOneHost(RoutingContext routing) {
        if (routing.request().headers().getAll("Host").size() > 1) {
            refuse(routing, Problem.of(ErrorCode.REQUEST_INVALID, "The request has more than one Host."));
        } else {
            routing.next();
        }
    }

    private static void answerMistakes(RoutingContext routing) {
        int status = routing.statusCode();
        if (status >= 400 && status < 500 && !routing.response().headWritten()) {
            refuse(routing, Problem.of(Problems.of(status)));
        } else {
            routing.next();
        }
    }

    /** Answers a request that goes no further. */
    public static void refuse(RoutingContext routing, Problem problem) {
        HangUp.ifBodyIsLeft(routing);
        routing.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .end(JsonObject.mapFrom(problem).encode());
    }
}
