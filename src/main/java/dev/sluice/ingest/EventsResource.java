package dev.sluice.ingest;

import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.identity.StillAllowed;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.share.Shares;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;

/** What happens to an ingest, as it happens. */
@Path("/v1/ingests/{id}/events")
class EventsResource {
    private static final Logger LOG = Logger.getLogger(EventsResource.class);

    private final EventLog log;
    private final EventReader reader;
    private final Events events;
    private final EventsConfig config;
    private final Shares streams;

    EventsResource(EventLog log, EventReader reader, Events events, EventsConfig config) {
        this.log = log;
        this.reader = reader;
        this.events = events;
        this.config = config;
        this.streams = new Shares(config.eventsStreams(), (config.eventsStreams() + 1) / 2);
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RunOnVirtualThread
    @Requires(Scope.READ)
    @Operation(summary = "Events of an ingest: progress as it is made, then done; Last-Event-ID resumes")
    public Response events(
            @PathParam("id") String id,
            @HeaderParam("Last-Event-ID") String last,
            @Context RoutingContext routing,
            @Context SecurityContext security) {
        UUID ingest = IngestResource.parsed(id);
        StreamId after = after(last);
        Caller caller = Caller.of(security);
        boolean ended = QuarkusTransaction.requiringNew().call(() -> Ingest.of(ingest, caller).finishedAt != null);
        if (ended && hasTheEnd(ingest, after)) {
            return Response.noContent().build(); // which tells a browser not to come back
        }
        Shares.Place place = streams.take(caller.id(), Duration.ZERO)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.STREAMS_BUSY, "Try again in a few seconds, or ask for the ingest itself."));
        EventStream stream =
                new EventStream(ingest, after, ended, StillAllowed.of(routing), log, reader, events, config);
        Runnable end = () -> {
            place.close();
            stream.close();
        };
        routing.addEndHandler(_ -> end.run());
        if (routing.response().closed()) { // before there was a handler
            end.run();
        }
        return Response.ok(stream)
                .type(MediaType.SERVER_SENT_EVENTS_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-cache")
                .build();
    }

    private boolean hasTheEnd(UUID ingest, StreamId last) {
        try {
            return last.isAfter(StreamId.ZERO) && log.isDone(ingest, last);
        } catch (RuntimeException e) {
            LOG.debugf(e, "Redis does not say whether a client has the end of ingest %s; it gets it again", ingest);
            return false;
        }
    }

    private static StreamId after(String last) {
        if (last == null || last.isEmpty()) {
            return StreamId.ZERO;
        }
        return StreamId.parse(last)
                .orElseThrow(() -> new ProblemException(
                        ErrorCode.REQUEST_INVALID, "The Last-Event-ID is not the id of an event."));
    }
}
