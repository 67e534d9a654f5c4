package dev.sluice.ingest;

import dev.sluice.lease.Leases;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.sql.SQLException;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Ingests: what became of uploads, and how far they are. */
@Path("/v1/ingests")
class IngestResource {
    private final Leases leases;

    IngestResource(Leases leases) {
        this.leases = leases;
    }

    @GET
    @Path("/{id}")
    @Transactional
    @Operation(summary = "One ingest")
    public IngestView ingest(@PathParam("id") String id) throws SQLException {
        Ingest ingest = Ingest.of(parsed(id));
        return leases.progress(ingest.id)
                .map(p -> IngestView.of(ingest, p.bytes(), p.rows()))
                .orElseGet(() -> IngestView.of(ingest, ingest.bytes, ingest.rows));
    }

    private static UUID parsed(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ErrorCode.INGEST_NOT_FOUND, "'" + id + "' is not the id of an ingest.");
        }
    }
}
