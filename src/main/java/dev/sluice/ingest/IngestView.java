package dev.sluice.ingest;

import dev.sluice.dataset.Source;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * An ingest as the API shows it.
 *
 * @param worker the process that works on it, or was the last to: host and process number
 * @param options as they were given with a URL; of an upload none
 */
record IngestView(
        UUID id,
        String dataset,
        IngestState state,
        int attempt,
        String worker,
        Source source,
        Map<String, String> options,
        ProgressView progress,
        Integer version,
        IngestProblem problem,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt) {

    record ProgressView(long bytes, Long totalBytes, long rows) {}

    /** @param bytes and {@code rows}: how far it is */
    static IngestView of(Ingest ingest, long bytes, long rows) {
        return new IngestView(
                ingest.id,
                ingest.dataset,
                ingest.state,
                ingest.attempt,
                ingest.worker,
                ingest.source,
                ingest.options,
                new ProgressView(bytes, ingest.totalBytes, rows),
                ingest.version,
                ingest.problem,
                ingest.createdAt,
                ingest.startedAt,
                ingest.finishedAt);
    }
}
