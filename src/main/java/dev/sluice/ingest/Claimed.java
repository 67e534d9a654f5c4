package dev.sluice.ingest;

import dev.sluice.dataset.Source;
import dev.sluice.lease.Claim;
import dev.sluice.lease.Lease;
import java.time.Instant;
import java.util.Map;

/**
 * A queued ingest that this process has claimed: what is needed to work on it.
 *
 * @param party whose share of the slots it takes: the caller, but for an ingest that an earlier release queued
 */
record Claimed(
        Lease lease,
        String party,
        String dataset,
        String caller,
        String url,
        Source source,
        Map<String, String> options,
        int attempt,
        int handBacks,
        String traceParent,
        Instant queuedAt) {

    /** Marks the ingest as running. */
    static Claimed start(Claim claim, WorkerName worker) {
        Ingest ingest = Ingest.of(claim.lease().job());
        ingest.start(worker.toString());
        return new Claimed(
                claim.lease(),
                claim.party(),
                ingest.dataset,
                ingest.caller,
                ingest.fetchUrl,
                ingest.source,
                Map.copyOf(ingest.options),
                ingest.attempt,
                ingest.handBacks,
                ingest.traceParent,
                ingest.createdAt);
    }
}
