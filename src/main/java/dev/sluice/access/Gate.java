package dev.sluice.access;

import dev.sluice.access.key.AccessConfig;
import dev.sluice.access.key.Keys;
import dev.sluice.access.limit.Allowance;
import dev.sluice.access.limit.Limits;
import dev.sluice.access.session.LiveSession;
import dev.sluice.access.session.SessionCookie;
import dev.sluice.access.session.Sessions;
import dev.sluice.platform.HangUp;
import dev.sluice.platform.identity.Anonymous;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.StillAllowed;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * What every request passes that a resource of the API is to answer, before anything of its body is read: the limits of its
 * address and of the key, who asks, where it comes from, and whether the key allows it. In this order, so that what is
 * refused has cost little. What no resource answers (404, 405, 415) does not come here.
 */
class Gate {
    private static final String BEARER = "Bearer ";
    private static final List<String> KEY_HEADERS = List.of("X-Api-Key", "apikey");
    private static final String ALLOWANCES = Allowance.class.getName();

    private final AccessConfig config;
    private final Keys keys;
    private final Sessions sessions;
    private final Limits limits;

    Gate(AccessConfig config, Keys keys, Sessions sessions, Limits limits) {
        this.config = config;
        this.keys = keys;
        this.sessions = sessions;
        this.limits = limits;
    }

    @ServerRequestFilter
    public void check(ContainerRequestContext request, ResourceInfo resource, RoutingContext routing) {
        try {
            enter(request, resource.getResourceMethod(), routing);
        } catch (ProblemException e) {
            HangUp.ifBodyIsLeft(routing);
            throw e;
        }
    }

    private void enter(ContainerRequestContext request, Method method, RoutingContext routing) {
        List<Allowance> allowances = new ArrayList<>();
        request.setProperty(ALLOWANCES, allowances);
        boolean anonymous = method.isAnnotationPresent(Anonymous.class);
        Optional<Caller> remembered =
                config.isOpen() || anonymous ? Optional.empty() : key(request).flatMap(keys::remembered);
        if (!config.isOpen()) {
            String address = routing.request().remoteAddress().hostAddress();
            spend(limits.request(address, remembered.map(Caller::id)), allowances);
        }
        Origin origin = Origin.of(request, "https".equals(routing.request().scheme()));
        if (anonymous) {
            origin.refuseOtherSites();
            return;
        }
        Requires requires = method.getAnnotation(Requires.class);
        if (requires == null) {
            throw new ProblemException(ErrorCode.SCOPE_MISSING, "This is closed.");
        }
        Caller caller = config.isOpen() ? anybody(routing, origin) : known(request, remembered, routing, origin);
        MDC.put("caller", caller.id());
        if (!config.isOpen() && remembered.isEmpty()) {
            spend(limits.key(caller.id()).stream().toList(), allowances);
        }
        caller.checkScope(requires.value());
        dataset(request.getUriInfo().getPathParameters()).ifPresent(caller::checkDataset);
        request.setSecurityContext(
                new CallerContext(caller, request.getSecurityContext().isSecure()));
    }

    private static void spend(List<Allowance> spent, List<Allowance> allowances) {
        allowances.addAll(spent);
        spent.forEach(Allowance::check);
    }

    /** Everybody may do everything, but for pages of other sites, which borrow the network of who looks at them. */
    private Caller anybody(RoutingContext routing, Origin origin) {
        origin.refuseOtherSites();
        LiveSession.serve(routing, () -> SessionCookie.secret(routing.request()).flatMap(sessions::find));
        return Caller.ANYBODY;
    }

    private Caller known(
            ContainerRequestContext request, Optional<Caller> remembered, RoutingContext routing, Origin origin) {
        Optional<String> sent = key(request);
        if (sent.isPresent()) {
            String key = sent.get();
            StillAllowed.put(routing, () -> keys.caller(key).isPresent());
            return remembered
                    .or(() -> keys.caller(key))
                    .orElseThrow(
                            () -> new ProblemException(ErrorCode.KEY_INVALID, "It is unknown, revoked or expired."));
        }
        String secret = SessionCookie.secret(routing.request())
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.KEY_MISSING,
                        "Send a key as 'Authorization: Bearer', 'X-Api-Key' or 'apikey', or sign in at /v1/sessions."));
        LiveSession live = sessions.find(secret)
                .orElseThrow(() -> new ProblemException(ErrorCode.SESSION_ENDED, "Sign in again."));
        origin.requireOwn();
        LiveSession.serve(routing, () -> Optional.of(live));
        StillAllowed.put(routing, () -> sessions.goesOn(live));
        return live.caller();
    }

    private static Optional<String> key(ContainerRequestContext request) {
        String authorization = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(authorization.substring(BEARER.length()).strip());
        }
        return KEY_HEADERS.stream()
                .map(request::getHeaderString)
                .filter(key -> key != null && !key.isEmpty())
                .findFirst();
    }

    /** The dataset that a request names, if it does, without its version. */
    private static Optional<String> dataset(MultivaluedMap<String, String> path) {
        String target = path.getFirst("target");
        return Optional.ofNullable(target == null ? path.getFirst("name") : target.split("@", 2)[0]);
    }

    @ServerResponseFilter
    public void leave(ContainerRequestContext request, ContainerResponseContext response) {
        if (!response.getHeaders().containsKey(HttpHeaders.CACHE_CONTROL)) {
            response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        }
        if (request.getProperty(ALLOWANCES) instanceof List<?> given && !given.isEmpty()) {
            List<Allowance> allowances =
                    given.stream().map(Allowance.class::cast).toList();
            response.getHeaders()
                    .putSingle(
                            "RateLimit-Policy",
                            allowances.stream().map(Allowance::policyItem).collect(Collectors.joining(", ")));
            response.getHeaders()
                    .putSingle(
                            "RateLimit",
                            allowances.stream().map(Allowance::item).collect(Collectors.joining(", ")));
        }
    }
}
