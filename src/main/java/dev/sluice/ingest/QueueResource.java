package dev.sluice.ingest;

import dev.sluice.lease.Leases;
import dev.sluice.platform.identity.Requires;
import dev.sluice.platform.identity.Scope;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The queue as a whole: numbers alone, whatever datasets the key is for. */
@Path("/v1/queue")
class QueueResource {
    private final Leases leases;

    QueueResource(Leases leases) {
        this.leases = leases;
    }

    /**
     * The queue in numbers.
     *
     * @param waiting ingests that wait, due or not
     * @param oldestDueSeconds how long the one has been due that has been due longest; 0 if none is
     * @param running queued ingests that some process works on
     */
    record QueueView(long waiting, double oldestDueSeconds, long running) {}

    @GET
    @Requires(Scope.READ)
    @Operation(summary = "How many ingests wait, for how long, and how many are fetched")
    public QueueView queue() {
        return QuarkusTransaction.requiringNew()
                .call(() ->
                        new QueueView((long) leases.waiting(), leases.oldestDueSeconds(), (long) Ingest.fetching()));
    }
}
