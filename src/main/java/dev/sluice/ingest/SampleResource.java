package dev.sluice.ingest;

import dev.sluice.platform.HangUp;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;

/** Samples: the beginning of a file is the body of a POST, and what a load would make of it is the answer. Nothing is kept. */
@Path("/v1/samples")
class SampleResource {
    private final Samples samples;

    SampleResource(Samples samples) {
        this.samples = samples;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @RunOnVirtualThread
    @Requires(Scope.WRITE)
    @Operation(summary = "Say what a load would make of the beginning of a file; nothing is stored")
    @Produces(MediaType.APPLICATION_JSON)
    @APIResponseSchema(SampleView.class)
    public byte[] look(
            @HeaderParam("Content-Length") Long length,
            @HeaderParam("Content-Type") String contentType,
            @Context UriInfo uri,
            @Context RoutingContext routing,
            @Context SecurityContext security,
            InputStream body)
            throws IOException {
        try {
            Map<String, List<String>> parameters = new HashMap<>(uri.getQueryParameters());
            boolean complete = complete(parameters.remove("complete"));
            return samples.look(
                    SourceOptions.of(parameters),
                    complete,
                    new FileBody(body, length, contentType),
                    Caller.of(security).id(),
                    routing);
        } catch (RuntimeException e) {
            HangUp.ifBodyIsLeft(routing);
            throw e;
        }
    }

    private static boolean complete(List<String> values) {
        if (values == null || values.equals(List.of("false"))) {
            return false;
        }
        if (values.equals(List.of("true"))) {
            return true;
        }
        throw new ProblemException(ErrorCode.OPTION_INVALID, "Option 'complete' is true or false.");
    }
}
