package dev.sluice.platform;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** Refuses an {@code Accept} that is no list of media types, which the HTTP layer would fail on much later. */
class AcceptHeader {
    @ServerRequestFilter(preMatching = true)
    public void check(ContainerRequestContext request) {
        try {
            request.getAcceptableMediaTypes();
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.REQUEST_INVALID, "The Accept header is no list of media types.");
        }
    }
}
