package dev.sluice.access.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.access.audit.RefusedSignIns;
import dev.sluice.access.key.ApiKey;
import dev.sluice.access.key.Keys;
import dev.sluice.access.limit.Allowance;
import dev.sluice.access.limit.Limits;
import dev.sluice.platform.JsonBody;
import dev.sluice.platform.Page;
import dev.sluice.platform.Precondition;
import dev.sluice.platform.identity.Actor;
import dev.sluice.platform.identity.Anonymous;
import dev.sluice.platform.identity.AuditEntry;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.memory.MemoryAccount;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/** Signing in and out, and the sessions of who asks: those of the same key. */
@Path("/v1/sessions")
@RunOnVirtualThread // they wait for Redis
class SessionResource {
    /** Bytes of a sign-in: more than a key needs, all its characters escaped. */
    private static final int MAX_SIGN_IN = 4096;

    private final Sessions sessions;
    private final Keys keys;
    private final Limits limits;
    private final RefusedSignIns refusals;
    private final SessionConfig config;
    private final MemoryAccount memory;

    SessionResource(
            Sessions sessions,
            Keys keys,
            Limits limits,
            RefusedSignIns refusals,
            SessionConfig config,
            MemoryAccount memory) {
        this.sessions = sessions;
        this.memory = memory;
        this.keys = keys;
        this.limits = limits;
        this.refusals = refusals;
        this.config = config;
    }

    /** A session that the client had ends: the secret is another one after every sign-in. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Anonymous
    @Operation(summary = "Sign in with a key; the answer has a cookie")
    public Response signIn(
            @HeaderParam(HttpHeaders.USER_AGENT) String agent, @Context RoutingContext routing, InputStream body)
            throws IOException {
        String sent = key(JsonBody.parsed(JsonBody.bytes(body, MAX_SIGN_IN, routing)));
        ApiKey key = keys.find(sent).orElseThrow(() -> refused(keys.invalid(sent), routing));
        Caller caller = key.caller();
        try {
            limits.signIn(caller.id()).forEach(Allowance::check);
        } catch (ProblemException e) {
            if (e.code() == ErrorCode.RATE_LIMITED) {
                refused(new Keys.Invalid(caller.id(), "limited"), routing);
            }
            throw e;
        }
        SessionCookie.secret(routing.request())
                .flatMap(sessions::find)
                .ifPresent(old -> end(old.caller().id(), old.id(), routing));
        Sessions.Begun begun = sessions.begin(caller, key.expiresAt, agent);
        String id = begun.session().id();
        if (keys.isOver(caller)) { // who revoked it meanwhile may have seen no session to end
            sessions.end(caller.id(), id);
            throw refused(keys.invalid(sent), routing);
        }
        record(Actor.of(caller.id(), routing), "session.ended", begun.ended());
        record(Actor.of(caller.id(), routing), "session.begun", List.of(id));
        return Response.status(Response.Status.CREATED)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(SessionView.of(begun.session(), true))
                .cookie(SessionCookie.of(begun.secret(), config.lifetime(), routing.request()))
                .build();
    }

    /** Puts it on record, and says to the client no more than that the key is not valid. */
    private ProblemException refused(Keys.Invalid key, RoutingContext routing) {
        refusals.record(
                Actor.of(key.id() == null ? "unknown" : key.id(), routing),
                key.id() == null ? "unknown key" : key.id(),
                key.reason());
        return new ProblemException(ErrorCode.KEY_INVALID, "It is unknown, revoked or expired.");
    }

    private static String key(JsonNode asked) {
        JsonNode key = asked.get("key");
        if (!asked.isObject() || asked.size() != 1 || key == null || !key.isTextual()) {
            throw new ProblemException(ErrorCode.REQUEST_INVALID, "The body is a JSON object with a key, a text.");
        }
        return key.textValue();
    }

    @GET
    @Requires(Scope.READ)
    @Operation(summary = "The sessions of the key that asks, the latest first")
    public Page<SessionView> mine(@Context SecurityContext security, @Context RoutingContext routing) {
        String current = LiveSession.of(routing).map(LiveSession::id).orElse("");
        List<SessionView> found = sessions.of(key(security, routing)).stream()
                .map(live -> SessionView.of(live, live.id().equals(current)))
                .toList();
        return new Page<>(found, null);
    }

    @DELETE
    @Requires(Scope.READ)
    @Operation(summary = "End all sessions of the key that asks")
    public Response endAll(@Context SecurityContext security, @Context RoutingContext routing) {
        String key = key(security, routing);
        if (sessions.endAll(key)) {
            record(Actor.of(key, routing), "sessions.ended", List.of(key));
        }
        return Response.noContent()
                .cookie(SessionCookie.none(routing.request()))
                .build();
    }

    @DELETE
    @Path("/{id}")
    @Requires(Scope.READ)
    @Operation(summary = "End a session of the key that asks")
    public void end(@PathParam("id") String id, @Context SecurityContext security, @Context RoutingContext routing) {
        if (!end(key(security, routing), id, routing)) {
            throw new ProblemException(ErrorCode.SESSION_NOT_FOUND, "The key has no such session.");
        }
    }

    @GET
    @Path("/current")
    @Requires(Scope.READ)
    @Operation(summary = "The session that asks")
    public SessionView current(@Context RoutingContext routing) {
        return SessionView.of(live(routing), true);
    }

    @DELETE
    @Path("/current")
    @Requires(Scope.READ)
    @Operation(summary = "Sign out")
    public Response signOut(@Context RoutingContext routing) {
        LiveSession live = live(routing);
        end(live.caller().id(), live.id(), routing);
        return Response.noContent()
                .cookie(SessionCookie.none(routing.request()))
                .build();
    }

    @GET
    @Path("/current/state")
    @Produces(MediaType.APPLICATION_JSON)
    @Requires(Scope.READ)
    @Operation(summary = "What the client keeps in its session")
    public Response state(@Context RoutingContext routing) {
        LiveSession live = live(routing);
        return Response.ok(live.session().state())
                .header(HttpHeaders.ETAG, live.etag())
                .build();
    }

    @PUT
    @Path("/current/state")
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    @Requires(Scope.READ)
    @Operation(summary = "Keep something in the session; with If-Match only in place of that")
    @Parameter(name = HttpHeaders.IF_MATCH, in = ParameterIn.HEADER)
    public Response keep(@Context RoutingContext routing, @Context SecurityContext security, InputStream body)
            throws IOException {
        Precondition precondition = Precondition.of(routing.request());
        int most = Math.toIntExact(config.maxState().asLongValue());
        byte[] state;
        try (MemoryAccount.Input input = memory.inputOf(Caller.of(security).id())) {
            state = JsonBody.bytes(body, most, input, routing);
            if (JsonBody.parsed(state).isMissingNode()) {
                throw new ProblemException(ErrorCode.REQUEST_INVALID, "The body is a JSON document.");
            }
        }
        LiveSession kept = sessions.keep(live(routing).id(), precondition, new String(state, StandardCharsets.UTF_8));
        return Response.ok(kept.session().state())
                .header(HttpHeaders.ETAG, kept.etag())
                .build();
    }

    private static LiveSession live(RoutingContext routing) {
        return LiveSession.of(routing)
                .orElseThrow(() -> new ProblemException(ErrorCode.SESSION_ENDED, "The request has no session."));
    }

    /** Whose sessions are asked for: without keys, those of the key that the session was begun with. */
    private static String key(SecurityContext security, RoutingContext routing) {
        return LiveSession.of(routing)
                .map(LiveSession::caller)
                .orElseGet(() -> Caller.of(security))
                .id();
    }

    private boolean end(String key, String id, RoutingContext routing) {
        boolean ended = sessions.end(key, id);
        if (ended) {
            record(Actor.of(key, routing), "session.ended", List.of(id));
        }
        return ended;
    }

    /** After the change: no connection to the database waits for the store. */
    private static void record(Actor actor, String action, List<String> subjects) {
        QuarkusTransaction.requiringNew()
                .run(() -> subjects.forEach(subject -> AuditEntry.record(actor, action, subject)));
    }
}
