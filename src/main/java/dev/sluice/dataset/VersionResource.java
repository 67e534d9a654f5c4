package dev.sluice.dataset;

import dev.sluice.platform.Page;
import dev.sluice.platform.PageDocument;
import dev.sluice.platform.identity.Actor;
import dev.sluice.platform.identity.AuditEntry;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.hibernate.jpa.HibernateHints;
import org.jboss.resteasy.reactive.RestResponse;

/** The versions of a dataset that are kept. */
@Path("/v1/datasets/{name}/versions")
class VersionResource {
    private static final String NUMBER = "[1-9]\\d{0,8}";

    private final Publish publish;
    private final DatasetDocument documents;
    private final ProfileDocument profiles;
    private final PageDocument pages;

    VersionResource(Publish publish, DatasetDocument documents, ProfileDocument profiles, PageDocument pages) {
        this.publish = publish;
        this.documents = documents;
        this.profiles = profiles;
        this.pages = pages;
    }

    @GET
    @RunOnVirtualThread
    @Requires(Scope.READ)
    @Operation(summary = "Versions, newest first")
    @Produces(MediaType.APPLICATION_JSON)
    @APIResponseSchema(VersionPage.class)
    public RestResponse<byte[]> versions(
            @PathParam("name") String name,
            @QueryParam("after") String after,
            @Context RoutingContext routing,
            @Context SecurityContext security) {
        int before = after == null ? Integer.MAX_VALUE : cursor(after);
        return pages.of(
                () -> Version.<Version>find(
                        "dataset = ?1 and number < ?2 order by number desc", Dataset.named(name), before)
                        .withHint(HibernateHints.HINT_FETCH_SIZE, PageDocument.AT_ONCE)
                        .page(0, Page.SIZE + 1)
                        .stream(),
                few -> few.stream().map(VersionItem::of).toList(),
                last -> "/v1/datasets/" + name + "/versions?after=" + last.number,
                Caller.of(security),
                routing);
    }

    /** What the list is answered with. */
    @RegisterForReflection(targets = VersionItem.class) // no signature has it, where Quarkus would see it
    record VersionPage(List<VersionItem> items, String next) {}

    @GET
    @RunOnVirtualThread
    @Path("/{number}")
    @Requires(Scope.READ)
    @Operation(summary = "The dataset and one of its versions")
    @Produces(MediaType.APPLICATION_JSON)
    @APIResponseSchema(DatasetView.class)
    public byte[] version(
            @PathParam("name") String name,
            @PathParam("number") String number,
            @Context RoutingContext routing,
            @Context SecurityContext security) {
        return documents
                .of(() -> Dataset.named(name).version(number(number)), Caller.of(security), routing)
                .json();
    }

    @GET
    @RunOnVirtualThread
    @Path("/{number}/profile")
    @Requires(Scope.READ)
    @Operation(summary = "Statistics of every column of a version, over every cell")
    @Produces(MediaType.APPLICATION_JSON)
    @APIResponseSchema(ProfileView.class)
    public byte[] profile(
            @PathParam("name") String name,
            @PathParam("number") String number,
            @Context RoutingContext routing,
            @Context SecurityContext security) {
        return profiles.of(() -> Dataset.named(name).version(number(number)), Caller.of(security), routing);
    }

    @GET
    @RunOnVirtualThread
    @Path("/{number}/rejects")
    @Requires(Scope.READ)
    @Operation(summary = "The records that were kept out of a version, in their order")
    @Produces(MediaType.APPLICATION_JSON)
    @APIResponseSchema(RejectPage.class)
    public RestResponse<byte[]> rejects(
            @PathParam("name") String name,
            @PathParam("number") String number,
            @QueryParam("after") String after,
            @Context RoutingContext routing,
            @Context SecurityContext security) {
        RejectCursor cursor = after == null ? RejectCursor.START : RejectCursor.of(after);
        int n = number(number);
        return pages.of(
                () -> rejects(name, n, cursor),
                few -> few.stream().map(PlacedReject::item).toList(),
                last -> "/v1/datasets/" + name + "/versions/" + n + "/rejects?after=" + last.cursor(),
                Caller.of(security),
                routing);
    }

    private static Stream<PlacedReject> rejects(String name, int number, RejectCursor cursor) {
        Dataset dataset = Dataset.named(name);
        List<PlacedReject> found = PlacedReject.of(dataset, number, cursor, Page.SIZE + 1);
        dataset.version(number); // Only now: if it is there, it was there when its rejects were read.
        return found.stream();
    }

    /** What the list is answered with. */
    @RegisterForReflection(targets = RejectItem.class) // no signature has it, where Quarkus would see it
    record RejectPage(List<RejectItem> items, String next) {}

    @POST
    @RunOnVirtualThread
    @Path("/{number}/restore")
    @Requires(Scope.WRITE)
    @Operation(summary = "Make the content of a version current again, as the next version")
    @Produces(MediaType.APPLICATION_JSON)
    @APIResponseSchema(DatasetView.class)
    public byte[] restore(
            @PathParam("name") String name,
            @PathParam("number") String number,
            @Context RoutingContext routing,
            @Context SecurityContext security) {
        Actor actor = Actor.of(security, routing);
        return documents
                .of(() -> restored(name, number(number), actor), Caller.of(security), routing)
                .json();
    }

    private Version restored(String name, int number, Actor actor) {
        Version current = publish.restore(name, number);
        if (current.number != number) {
            AuditEntry.record(actor, "version.restored", name + "@" + number);
        }
        return current;
    }

    private static int number(String text) {
        if (!text.matches(NUMBER)) {
            throw new ProblemException(ErrorCode.VERSION_NOT_FOUND, "There never was a version '" + text + "'.");
        }
        return Integer.parseInt(text);
    }

    private static int cursor(String text) {
        if (!text.matches(NUMBER)) {
            throw new ProblemException(ErrorCode.QUERY_INVALID, "'after' is not a cursor that was given out here.");
        }
        return Integer.parseInt(text);
    }
}
