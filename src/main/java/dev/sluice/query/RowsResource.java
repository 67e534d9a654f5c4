package dev.sluice.query;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.core.UriInfo;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The rows of a dataset. They go out as the cursor yields them, on virtual threads: a slow reader holds up nobody. */
@Path("/rest/v1/{target}")
@RunOnVirtualThread
class RowsResource {
    private static final String CSV = "text/csv";
    private static final String SOURCE = "rendering=source";
    private static final int BUFFER = 32 * 1024;

    private final Rows rows;

    RowsResource(Rows rows) {
        this.rows = rows;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @Operation(summary = "Rows as a JSON array")
    public Response json(@PathParam("target") String target, @Context UriInfo uri) {
        Relation relation = relation(target);
        RowsQuery query = QueryParser.parse(uri.getQueryParameters(), relation);
        return streamed(out -> rows.read(
                RowsSql.json(query, relation), query.limit(), relation.rowBytes(), found -> writeArray(found, out)));
    }

    @GET
    @Produces(CSV)
    @Operation(summary = "Rows as CSV; with Prefer: rendering=source as the source wrote them")
    public Response csv(
            @PathParam("target") String target, @HeaderParam("Prefer") List<String> prefer, @Context UriInfo uri) {
        Relation relation = relation(target);
        RowsQuery query = QueryParser.parse(uri.getQueryParameters(), relation);
        boolean source = prefer.stream()
                .flatMap(p -> Arrays.stream(p.split(",")))
                .map(String::strip)
                .anyMatch(SOURCE::equals);
        RowsSql sql = source ? RowsSql.source(query, relation) : RowsSql.text(query, relation);
        List<String> header = query.outputs().stream()
                .map(source ? RowsQuery.Output::label : RowsQuery.Output::name)
                .toList();
        Response response = streamed(out -> rows.read(sql, query.limit(), relation.rowBytes(), found -> {
            CsvWriter writer = new CsvWriter(out);
            writer.header(header);
            writer.rows(found);
        }));
        return source
                ? Response.fromResponse(response)
                        .header("Preference-Applied", SOURCE)
                        .build()
                : response;
    }

    private static Relation relation(String target) {
        return QuarkusTransaction.requiringNew().call(() -> Relation.named(target));
    }

    private interface Body {
        void write(OutputStream out) throws IOException;
    }

    /** Nothing is sent before the first rows are here, so that a query that fails gets a problem document. */
    private static Response streamed(Body body) {
        return Response.ok((StreamingOutput) out -> {
                    OutputStream buffered = new BufferedOutputStream(out, BUFFER);
                    body.write(buffered);
                    buffered.flush();
                })
                .build();
    }

    private static void writeArray(ResultSet rows, OutputStream out) throws SQLException, IOException {
        char before = '[';
        while (rows.next()) {
            out.write(before);
            out.write(rows.getBytes(1));
            before = ',';
        }
        out.write(before == '[' ? "[]".getBytes(java.nio.charset.StandardCharsets.US_ASCII) : new byte[] {']'});
    }
}
