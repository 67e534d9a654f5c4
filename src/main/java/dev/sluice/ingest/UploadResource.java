package dev.sluice.ingest;

import dev.sluice.dataset.Dataset;
import dev.sluice.dataset.DatasetDocument;
import dev.sluice.dataset.DatasetView;
import dev.sluice.platform.HangUp;
import dev.sluice.platform.Precondition;
import dev.sluice.platform.identity.Actor;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.net.URI;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** Uploads: a file is the body of a PUT, and is a version of its dataset when the answer comes. */
@Path("/v1/datasets")
class UploadResource {
    private final Uploads uploads;
    private final DatasetDocument documents;

    UploadResource(Uploads uploads, DatasetDocument documents) {
        this.uploads = uploads;
        this.documents = documents;
    }

    @PUT
    @Path("/{name}")
    @Consumes(MediaType.WILDCARD)
    @RunOnVirtualThread
    @Requires(Scope.WRITE)
    @Operation(
            summary =
                    "Load a file, or the one file of a form, as the next version of a dataset; answers after the commit")
    @Parameter(name = HttpHeaders.IF_MATCH, in = ParameterIn.HEADER)
    @Parameter(name = HttpHeaders.IF_NONE_MATCH, in = ParameterIn.HEADER)
    @Produces(MediaType.APPLICATION_JSON)
    @APIResponseSchema(DatasetView.class)
    public Response upload(
            @PathParam("name") String name,
            @HeaderParam("Content-Length") Long length,
            @HeaderParam("Content-Type") String contentType,
            @HeaderParam("Content-Range") String range,
            @HeaderParam("Idempotency-Key") String idempotencyKey,
            @Context UriInfo uri,
            @Context RoutingContext routing,
            @Context SecurityContext security,
            InputStream body) {
        Uploads.Taken taken;
        try {
            Dataset.checkedName(name);
            if (range != null) {
                throw new ProblemException(
                        ErrorCode.REQUEST_INVALID, "An upload is a whole file; Content-Range is not.");
            }
            SourceOptions options = SourceOptions.of(uri.getQueryParameters());
            IdempotencyKey key =
                    IdempotencyKey.of(idempotencyKey, "PUT", name, new TreeMap<>(uri.getQueryParameters()).toString());
            taken = uploads.take(
                    name,
                    options,
                    Precondition.of(routing.request()),
                    new FileBody(body, length, contentType),
                    Actor.of(security, routing),
                    key);
        } catch (RuntimeException e) {
            HangUp.after(routing);
            throw e;
        }
        boolean created = taken.view().version() == 1 && !taken.unchanged();
        return (created ? Response.created(URI.create("/v1/datasets/" + name)) : Response.ok())
                .header(HttpHeaders.ETAG, taken.view().etag())
                .entity(document(taken.view(), Caller.of(security), routing))
                .build();
    }

    /** Empty if there is no memory for it, now or ever: the version is published, which no refusal may hide. */
    private byte[] document(DatasetView view, Caller caller, RoutingContext routing) {
        try {
            return documents.of(view, caller, routing).json();
        } catch (ProblemException e) {
            if (e.code() == ErrorCode.ROWS_BUSY || e.code() == ErrorCode.ANSWER_TOO_LARGE) {
                return new byte[0];
            }
            throw e;
        }
    }
}
