package dev.sluice.platform;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.Problem;
import dev.sluice.platform.problem.Problems;
import io.vertx.core.http.impl.HttpServerRequestInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.util.List;

/** Refuses what is no request: before any resource, and with a problem document too. */
public final class RequestHead {
    /** Where Quarkus' metrics and traces look for the route. */
    private static final String ROUTE = "UrlPathTemplate";

    private static final String NO_RESOURCE = "/other";

    void check(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).handler(RequestHead::check).failureHandler(RequestHead::answerMistakes);
    }

    private static void check(RoutingContext routing) {
        nameRoute(routing);
        List<String> hosts = routing.request().headers().getAll("Host");
        if (hosts.size() > 1) { // whoever is between could take the other one (RFC 9112, section 3.2)
            refuse(routing, Problem.of(ErrorCode.REQUEST_INVALID, "The request has more than one Host."));
        } else if (!hosts.isEmpty() && !isHost(hosts.getFirst())) {
            refuse(routing, Problem.of(ErrorCode.REQUEST_INVALID, "The Host cannot be part of a URL."));
        } else if (routing.request().path().indexOf(';') >= 0) { // it would be decoded twice
            refuse(routing, Problem.of(ErrorCode.REQUEST_INVALID, "No path has parameters, which begin with ';'."));
        } else {
            routing.next();
        }
    }

    /** Resources name their routes; of all else metrics and traces must not keep the paths that clients made up. */
    private static void nameRoute(RoutingContext routing) {
        ((HttpServerRequestInternal) routing.request()).context().putLocal(ROUTE, NO_RESOURCE);
    }

    private static boolean isHost(String host) {
        try {
            return URI.create("http://" + host + "/").getRawPath().equals("/");
        } catch (IllegalArgumentException e) {
            return false;
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
