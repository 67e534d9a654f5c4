package dev.sluice.dataset;

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
    static DatasetItem of(Dataset d) {
        Version v = d.currentVersion;
        return new DatasetItem(d.name, d.title, v.number, v.rows, v.bytes, v.rejects, d.createdAt, d.changedAt);
    }
}
