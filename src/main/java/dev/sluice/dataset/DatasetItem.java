package dev.sluice.dataset;

import jakarta.persistence.Tuple;
import java.time.Instant;

/** A dataset in a list. */
record DatasetItem(
        String name,
        String title,
        int version,
        long rows,
        long bytes,
        long rejects,
        Instant createdAt,
        Instant changedAt) {
    static DatasetItem of(Tuple row) {
        return new DatasetItem(
                row.get("name", String.class),
                row.get("title", String.class),
                row.get("version", Integer.class),
                row.get("rows", Long.class),
                row.get("bytes", Long.class),
                row.get("rejects", Long.class),
                row.get("createdAt", Instant.class),
                row.get("changedAt", Instant.class));
    }
}
