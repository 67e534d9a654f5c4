package dev.sluice.platform;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.Problem;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.Problems;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Writes every failure as {@code application/problem+json}. */
@RegisterForReflection(targets = Problem.class) // an entity's type is in no signature, where Quarkus would see it
public class ProblemMapper {
    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    @ServerExceptionMapper
    public Response problem(ProblemException e) {
        return response(e);
    }

    /** What the HTTP layer itself refuses. */
    @ServerExceptionMapper
    public Response refused(WebApplicationException e, RoutingContext routing) {
        HangUp.ifBodyIsLeft(routing);
        ProblemException problem = Problems.of(e.getResponse().getStatus());
        if (problem.code() == ErrorCode.INTERNAL) {
            LOG.error("A request failed", e);
        }
        Response.ResponseBuilder response = Response.fromResponse(response(problem));
        Object allow = e.getResponse().getHeaders().getFirst(HttpHeaders.ALLOW);
        return allow == null
                ? response.build()
                : response.header(HttpHeaders.ALLOW, allow).build();
    }

    @ServerExceptionMapper
    public Response failure(Throwable e, RoutingContext routing) {
        ProblemException problem = Problems.of(e);
        boolean clientIsGone = e instanceof IOException && routing.response().closed();
        if (problem.code() == ErrorCode.INTERNAL && !clientIsGone) {
            LOG.error("A request failed", e);
        }
        return response(problem);
    }

    private static Response response(ProblemException problem) {
        return response(problem, Problem.of(problem));
    }

    /** The answer for a problem, with the document that describes it. */
    public static Response response(ProblemException problem, Object document) {
        ErrorCode code = problem.code();
        Response.ResponseBuilder response =
                Response.status(code.status()).type(Problem.MEDIA_TYPE).entity(document);
        if (code.status() == 503 || code.status() == 429 || code == ErrorCode.IDEMPOTENCY_RUNNING) {
            response.header(
                    HttpHeaders.RETRY_AFTER, seconds(problem.retryAfter().orElse(RETRY_AFTER)));
        }
        if (code.status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"sluice\"");
        }
        return response.build();
    }

    private static long seconds(Duration time) {
        return Math.max(1, time.plusNanos(999_999_999).toSeconds());
    }
}
