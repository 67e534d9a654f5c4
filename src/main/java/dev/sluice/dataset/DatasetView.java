package dev.sluice.dataset;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.type.RuledOut;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A dataset and one of its versions, as the API shows them.
 *
 * @param columns to be read once
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
        Iterable<ColumnView> columns,
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

    /** A version with its dataset and the columns it has in memory. */
    public static DatasetView of(Version version) {
        return of(version, version.columns().stream());
    }

    /**
     * The same with columns as they come.
     *
     * @throws ProblemException {@code VERSION_GONE} if none comes
     */
    static DatasetView of(Version v, Stream<Column> columns) {
        Dataset d = v.dataset;
        Iterator<ColumnView> views = columns.map(ColumnView::of).iterator();
        if (!views.hasNext()) {
            throw v.gone();
        }
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
                () -> views,
                v.source,
                v.createdAt,
                v.durationMs,
                d.etag(v));
    }
}
