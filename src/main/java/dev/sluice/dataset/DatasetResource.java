package dev.sluice.dataset;

import dev.sluice.platform.Cursor;
import dev.sluice.platform.JsonBody;
import dev.sluice.platform.Page;
import dev.sluice.platform.Precondition;
import dev.sluice.platform.identity.Actor;
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
import jakarta.enterprise.event.Event;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Tuple;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.RestResponse;

/** Datasets: what there is. Uploads are PUT to the same paths. */
@Path("/v1/datasets")
class DatasetResource {
    /** Characters of a text that is looked for. */
    private static final int MAX_SEARCHED = 100;

    /** Without descriptions, each of which may have 10,000 characters. */
    private static final String LISTED = """
            select d.id as id, d.name as name, d.title as title, d.createdAt as createdAt, d.changedAt as changedAt,
              v.number as version, v.rows as rows, v.bytes as bytes, v.rejects as rejects
            from Dataset d join d.currentVersion v where (d.changedAt < ?1 or d.changedAt = ?1 and d.id < ?2)
              and cast(sql('(? ~ ?)', d.name, ?3) as boolean)
              and (locate(?4, lower(d.name)) > 0 or locate(?4, lower(coalesce(d.title, ''))) > 0)
            order by d.changedAt desc, d.id desc""";

    private final Event<DatasetDeleted> deleted;
    private final MemoryAccount memory;
    private final DatasetDocument documents;
    private final ProfileDocument profiles;

    DatasetResource(
            Event<DatasetDeleted> deleted, MemoryAccount memory, DatasetDocument documents, ProfileDocument profiles) {
        this.deleted = deleted;
        this.memory = memory;
        this.documents = documents;
        this.profiles = profiles;
    }

    @GET
    @Transactional
    @Requires(Scope.READ)
    @Operation(
            summary =
                    "Datasets that the key is for, newest change first; with q those whose name or title has that text")
    public RestResponse<Page<DatasetItem>> datasets(
            @QueryParam("q") String q, @QueryParam("after") String after, @Context SecurityContext security) {
        Cursor cursor = Cursor.of(after);
        String text = searched(q);
        List<Tuple> found = Dataset.getEntityManager()
                .createQuery(LISTED, Tuple.class)
                .setParameter(1, cursor.at())
                .setParameter(2, cursor.id())
                .setParameter(3, Caller.of(security).datasetsRegex())
                .setParameter(4, text)
                .setMaxResults(Page.SIZE + 1)
                .getResultList();
        return Page.of(found, DatasetItem::of, last -> next(last, q));
    }

    private static String searched(String q) {
        if (q != null && (q.length() > MAX_SEARCHED || q.indexOf('\0') >= 0)) {
            throw new ProblemException(
                    ErrorCode.QUERY_INVALID, "'q' is a text of at most " + MAX_SEARCHED + " characters without NUL.");
        }
        return q == null ? "" : q.toLowerCase(Locale.ROOT);
    }

    private static URI next(Tuple last, String q) {
        Cursor after = new Cursor(last.get("changedAt", Instant.class), last.get("id", UUID.class));
        UriBuilder next = UriBuilder.fromPath("/v1/datasets").queryParam("after", after);
        return q == null ? next.build() : next.queryParam("q", "{q}").build(q);
    }

    @GET
    @RunOnVirtualThread
    @Path("/{name}")
    @Requires(Scope.READ)
    @Operation(summary = "A dataset and its current version; its ETag is for If-Match")
    @Produces(MediaType.APPLICATION_JSON)
    @APIResponseSchema(DatasetView.class)
    public RestResponse<byte[]> dataset(
            @PathParam("name") String name, @Context RoutingContext routing, @Context SecurityContext security) {
        return answer(documents.of(() -> Dataset.named(name).currentVersion, Caller.of(security), routing));
    }

    private static RestResponse<byte[]> answer(DatasetDocument.Written view) {
        return RestResponse.ResponseBuilder.ok(view.json())
                .header(HttpHeaders.ETAG, view.etag())
                .build();
    }

    @GET
    @RunOnVirtualThread
    @Path("/{name}/profile")
    @Requires(Scope.READ)
    @Operation(summary = "Statistics of every column of the current version, over every cell")
    @Produces(MediaType.APPLICATION_JSON)
    @APIResponseSchema(ProfileView.class)
    public byte[] profile(
            @PathParam("name") String name, @Context RoutingContext routing, @Context SecurityContext security) {
        return profiles.of(() -> Dataset.named(name).currentVersion, Caller.of(security), routing);
    }

    @PATCH
    @RunOnVirtualThread
    @Path("/{name}")
    @Consumes({"application/merge-patch+json", MediaType.APPLICATION_JSON})
    @Requires(Scope.WRITE)
    @Operation(summary = "Change title, description, keepVersions and the indexed columns, by JSON merge patch")
    @Parameter(name = HttpHeaders.IF_MATCH, in = ParameterIn.HEADER)
    @Parameter(name = HttpHeaders.IF_NONE_MATCH, in = ParameterIn.HEADER)
    @Produces(MediaType.APPLICATION_JSON)
    @APIResponseSchema(DatasetView.class)
    public RestResponse<byte[]> patch(
            @PathParam("name") String name,
            @Context RoutingContext routing,
            @Context SecurityContext security,
            InputStream body)
            throws IOException {
        DatasetPatch patch = DatasetPatch.of(
                JsonBody.read(body, memory.inputOf(Caller.of(security).id()), routing));
        Precondition precondition = Precondition.of(routing.request());
        Actor actor = Actor.of(security, routing);
        return answer(documents.of(() -> patched(name, patch, precondition, actor), Caller.of(security), routing));
    }

    private static Version patched(String name, DatasetPatch patch, Precondition precondition, Actor actor) {
        Dataset dataset = Dataset.held(name);
        precondition.check(dataset.etag());
        if (patch.applyTo(dataset)) {
            AuditEntry.record(actor, "dataset.changed", name);
        }
        return dataset.currentVersion;
    }

    /** The tables go later: {@link UnreferencedSegments} drops what no version references. */
    @DELETE
    @Path("/{name}")
    @Requires(Scope.WRITE)
    @Operation(summary = "Delete a dataset with all its versions")
    @Parameter(name = HttpHeaders.IF_MATCH, in = ParameterIn.HEADER)
    @Parameter(name = HttpHeaders.IF_NONE_MATCH, in = ParameterIn.HEADER)
    public void delete(
            @PathParam("name") String name, @Context RoutingContext routing, @Context SecurityContext security) {
        Precondition precondition = Precondition.of(routing.request());
        QuarkusTransaction.requiringNew().run(() -> {
            Dataset dataset = Dataset.find("name", Dataset.checkedName(name))
                    .withLock(LockModeType.PESSIMISTIC_WRITE)
                    .firstResult();
            if (dataset == null) {
                throw new ProblemException(ErrorCode.DATASET_NOT_FOUND, "There is no dataset '" + name + "'.");
            }
            precondition.check(dataset.etag());
            Dataset.delete("id", dataset.id);
            AuditEntry.record(Actor.of(security, routing), "dataset.deleted", name);
        });
        deleted.fire(new DatasetDeleted(name));
    }
}
