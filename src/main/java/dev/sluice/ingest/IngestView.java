package dev.sluice.ingest;

import dev.sluice.dataset.Source;
import java.time.Instant;
import java.util.UUID;

/** An ingest as the API shows it. */
record IngestView(
        UUID id,
        String dataset,
        IngestState state,
        int attempt,
        Source source,
        ProgressView progress,
        Integer version,
        ProblemView problem,
        Instant createdAt,
        Instant startedAt,
        Instant finishedAt) {

    record ProgressView(long bytes, Long totalBytes, long rows) {}

    record ProblemView(String code, String detail) {}

    /** @param bytes and {@code rows}: how far it is */
    static IngestView of(Ingest ingest, long bytes, long rows) {
        return new IngestView(
                ingest.id,
                ingest.dataset,
                ingest.state,
                ingest.attempt,
                ingest.source,
                new ProgressView(bytes, ingest.totalBytes, rows),
                ingest.version,
                ingest.problemCode == null ? null : new ProblemView(ingest.problemCode, ingest.problemDetail),
                ingest.createdAt,
                ingest.startedAt,
                ingest.finishedAt);
    }
}
