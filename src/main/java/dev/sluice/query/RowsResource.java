package dev.sluice.query;

import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.core.Variant;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The rows of a dataset. They go out as the cursor yields them, on virtual threads: a slow reader holds up nobody. */
@Path("/rest/v1/{target}")
@RunOnVirtualThread
class RowsResource {
    private static final String CSV = "text/csv";
    private static final String CSV_UTF8 = CSV + ";charset=utf-8";
    private static final List<Variant> VARIANTS = Variant.mediaTypes(
                    MediaType.APPLICATION_JSON_TYPE, MediaType.valueOf(CSV))
            .build();
    private static final String SOURCE = "rendering=source";
    private static final int BUFFER = 32 * 1024;

    private final Rows rows;

    RowsResource(Rows rows) {
        this.rows = rows;
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, CSV})
    @Requires(Scope.READ)
    @Operation(summary = "Rows as a JSON array or as CSV; with Prefer: rendering=source as the source wrote them")
    public Response rows(
            @PathParam("target") String target,
            @HeaderParam("Prefer") List<String> prefer,
            @Context UriInfo uri,
            @Context Request request,
            @Context RoutingContext routing) {
        Variant variant = request.selectVariant(VARIANTS);
        if (variant == null) {
            throw new ProblemException(ErrorCode.NOT_ACCEPTABLE, "Rows are application/json or text/csv.");
        }
        Relation relation = QuarkusTransaction.requiringNew().call(() -> Relation.named(target));
        RowsQuery query = QueryParser.parse(uri.getQueryParameters(), relation);
        if (variant.getMediaType().equals(MediaType.APPLICATION_JSON_TYPE)) {
            return stream(routing, query, relation, RowsSql.json(query, relation), RowsResource::writeArray)
                    .build();
        }
        boolean source = prefer.stream()
                .flatMap(p -> Arrays.stream(p.split(",")))
                .map(String::strip)
                .anyMatch(SOURCE::equals);
        if (!source) {
            return csv(routing, query, relation, RowsSql.text(query, relation), RowsQuery.Output::name)
                    .build();
        }
        return csv(routing, query, relation, RowsSql.source(query, relation), RowsQuery.Output::label)
                .header("Preference-Applied", SOURCE)
                .build();
    }

    private interface Body {
        void write(ResultSet rows, OutputStream out) throws SQLException, IOException;
    }

    private Response.ResponseBuilder csv(
            RoutingContext routing,
            RowsQuery query,
            Relation relation,
            RowsSql sql,
            Function<RowsQuery.Output, String> title) {
        return stream(routing, query, relation, sql, (found, out) -> {
                    CsvWriter writer = new CsvWriter(out);
                    writer.header(query.outputs().stream().map(title).toList());
                    writer.rows(found);
                })
                .type(CSV_UTF8);
    }

    /** Nothing is sent before the first rows are here, so that a query that fails gets a problem document. */
    private Response.ResponseBuilder stream(
            RoutingContext routing, RowsQuery query, Relation relation, RowsSql sql, Body body) {
        return Response.ok((StreamingOutput) out -> {
                    WhileConnected connected = new WhileConnected(out, routing);
                    OutputStream buffered = new BufferedOutputStream(connected, BUFFER);
                    try {
                        rows.read(sql, query.limit(), relation.rowBytes(), found -> body.write(found, buffered));
                        buffered.flush();
                    } catch (IOException | RuntimeException e) {
                        connected.failed(e);
                        throw e;
                    }
                })
                .type(MediaType.APPLICATION_JSON);
    }

    private static void writeArray(ResultSet rows, OutputStream out) throws SQLException, IOException {
        out.write('[');
        for (boolean first = true; rows.next(); first = false) {
            if (!first) {
                out.write(',');
            }
            out.write(rows.getBytes(1));
        }
        out.write(']');
    }
}
