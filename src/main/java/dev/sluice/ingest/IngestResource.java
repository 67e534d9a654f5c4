package dev.sluice.ingest;

import dev.sluice.lease.Leases;
import dev.sluice.lease.Progress;
import dev.sluice.platform.Cursor;
import dev.sluice.platform.Page;
import dev.sluice.platform.PageDocument;
import dev.sluice.platform.identity.Actor;
import dev.sluice.platform.identity.AuditEntry;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestResponse;

/** Ingests: what became of uploads and fetches, how far they are, and the end of them. */
@Path("/v1/ingests")
class IngestResource {
    private final IngestSearch search;
    private final Leases leases;
    private final Doorbell doorbell;
    private final Events events;
    private final PageDocument pages;

    IngestResource(IngestSearch search, Leases leases, Doorbell doorbell, Events events, PageDocument pages) {
        this.search = search;
        this.leases = leases;
        this.doorbell = doorbell;
        this.events = events;
        this.pages = pages;
    }

    @GET
    @Requires(Scope.READ)
    @Operation(summary = "Ingests of datasets that the key is for, the newest first")
    @RunOnVirtualThread
    @Produces(MediaType.APPLICATION_JSON)
    @APIResponseSchema(IngestPage.class)
    public RestResponse<byte[]> ingests(
            @QueryParam("state") String state,
            @QueryParam("dataset") String dataset,
            @QueryParam("after") String after,
            @Context RoutingContext routing,
            @Context SecurityContext security) {
        Cursor cursor = Cursor.of(after);
        IngestState wanted = state == null ? null : state(state);
        Caller caller = Caller.of(security);
        return pages.of(
                () -> search.newest(caller, wanted, dataset, cursor, Page.SIZE + 1),
                this::views,
                last -> next(last, state, dataset),
                caller,
                routing);
    }

    /** What the list is answered with. */
    record IngestPage(List<IngestView> items, String next) {}

    private static URI next(Ingest last, String state, String dataset) {
        UriBuilder next = UriBuilder.fromPath("/v1/ingests").queryParam("after", new Cursor(last.createdAt, last.id));
        if (state != null) {
            next.queryParam("state", state);
        }
        return dataset == null
                ? next.build()
                : next.queryParam("dataset", "{dataset}").build(dataset);
    }

    private static IngestState state(String name) {
        try {
            return IngestState.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    ErrorCode.QUERY_INVALID, "'state' is one of " + List.of(IngestState.values()) + ".");
        }
    }

    @GET
    @Path("/{id}")
    @Requires(Scope.READ)
    @Operation(summary = "One ingest")
    public IngestView ingest(@PathParam("id") String id, @Context SecurityContext security) {
        return QuarkusTransaction.requiringNew().call(() -> view(Ingest.of(parsed(id), Caller.of(security))));
    }

    /** At once if it waits; if it runs, as soon as its process hears of it. One that has ended is left as it is. */
    @DELETE
    @Path("/{id}")
    @Requires(Scope.WRITE)
    @Operation(summary = "Cancel an ingest")
    public IngestView cancel(
            @PathParam("id") String id, @Context RoutingContext routing, @Context SecurityContext security) {
        UUID ingest = parsed(id);
        Caller caller = Caller.of(security);
        IngestView view = QuarkusTransaction.requiringNew().call(() -> {
            boolean waited = leases.cancel(ingest); // first: it locks
            Ingest found = Ingest.of(ingest, caller); // else it is as if nothing had been done
            if (found.finishedAt == null) {
                AuditEntry.record(Actor.of(security, routing), "ingest.cancelled", ingest.toString());
            }
            if (waited) {
                found.end(IngestState.cancelled, null, found.bytes, found.rows);
            }
            return view(found);
        });
        doorbell.cancel(ingest);
        events.done(ingest); // if it waited
        return view;
    }

    private IngestView view(Ingest ingest) throws SQLException {
        return views(List.of(ingest)).getFirst();
    }

    private List<IngestView> views(List<Ingest> ingests) throws SQLException {
        List<UUID> running = ingests.stream()
                .filter(i -> i.state == IngestState.running)
                .map(i -> i.id)
                .toList();
        Map<UUID, Progress> progress = running.isEmpty() ? Map.of() : leases.progress(running);
        return ingests.stream()
                .map(i -> {
                    Progress p = progress.get(i.id);
                    return p == null ? IngestView.of(i, i.bytes, i.rows) : IngestView.of(i, p.bytes(), p.rows());
                })
                .toList();
    }

    static UUID parsed(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.INGEST_NOT_FOUND, "'" + id + "' is not the id of an ingest.");
        }
    }
}
