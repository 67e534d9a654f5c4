package dev.sluice.dataset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.sluice.table.type.RuledOut;
import java.time.Instant;
import java.util.List;

/**
 * A dataset and one of its versions, as the API shows them.
 *
 * @param etag of the dataset, see {@link Dataset#etag(Version)}
 */
public record DatasetView(
        String name,
        String title,
        String description,
        Integer keepVersions,
        int version,
        long rows,
        long bytes,
        String sha256,
        long rejects,
        String format,
        String encoding,
        DialectView dialect,
        List<ColumnView> columns,
        Source source,
        Instant createdAt,
        long durationMs,
        @JsonIgnore String etag) {

    /**
     * How the source is written.
     *
     * @param quote {@code null} if there is none, as is {@code escape}
     */
    public record DialectView(String delimiter, String quote, String escape, boolean header) {
        public static DialectView of(SourceFormat f) {
            String quote = f.quote().isEmpty() ? null : f.quote();
            return new DialectView(f.delimiter(), quote, quote, f.header());
        }
    }

    record ColumnView(
            String name,
            String label,
            String type,
            String format,
            String nullToken,
            boolean nullable,
            long nulls,
            String min,
            String max,
            List<RuledOut> ruledOut,
            IndexState index) {
        static ColumnView of(Column c) {
            return new ColumnView(
                    c.name(),
                    c.label(),
                    c.type(),
                    c.format(),
                    c.nullToken(),
                    c.nulls() > 0,
                    c.nulls(),
                    c.min(),
                    c.max(),
                    c.ruledOut(),
                    c.index());
        }
    }

    /** The dataset with its current version. */
    static DatasetView of(Dataset dataset) {
        return of(dataset, dataset.currentVersion);
    }

    /** A version with its dataset. */
    public static DatasetView of(Version version) {
        return of(version.dataset, version);
    }

    static DatasetView of(Dataset d, Version v) {
        SourceFormat f = v.format;
        return new DatasetView(
                d.name,
                d.title,
                d.description,
                d.keepVersions,
                v.number,
                v.rows,
                v.bytes,
                v.sha256,
                v.rejects,
                f.format(),
                f.encoding(),
                DialectView.of(f),
                v.columns().stream().map(ColumnView::of).toList(),
                v.source,
                v.createdAt,
                v.durationMs,
                d.etag(v));
    }
}
