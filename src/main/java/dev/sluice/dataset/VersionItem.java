package dev.sluice.dataset;

import java.time.Instant;

/**
 * A version in a list.
 *
 * @param supersededAt when another took its place; {@code null} for the current one
 */
record VersionItem(
        int version,
        long rows,
        long bytes,
        String sha256,
        long rejects,
        Source source,
        Instant createdAt,
        long durationMs,
        Instant supersededAt) {
    static VersionItem of(Version v) {
        return new VersionItem(
                v.number, v.rows, v.bytes, v.sha256, v.rejects, v.source, v.createdAt, v.durationMs, v.supersededAt);
    }
}
