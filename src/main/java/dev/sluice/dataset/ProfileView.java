package dev.sluice.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.table.profile.ColumnProfile;
import dev.sluice.table.profile.ColumnProfile.Distinct;
import dev.sluice.table.profile.ColumnProfile.Numbers;
import dev.sluice.table.profile.ColumnProfile.Texts;
import dev.sluice.table.profile.Histogram;
import dev.sluice.table.type.Cell;
import dev.sluice.table.type.ColumnType;
import dev.sluice.table.type.JsonValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The profile of a version, as the API shows it. Values are as rows in JSON show them; long texts are shortened. */
record ProfileView(int version, long rows, List<ColumnView> columns) {
    private static final double[] SHARES = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99};

    /**
     * A column.
     *
     * @param count of values that are not NULL
     * @param mean of numbers and times
     * @param stddev of a sample; of times in seconds
     * @param quantiles by the share of values that are no greater
     * @param estimates what of all this is estimated, and how far off it may be
     */
    record ColumnView(
            String name,
            String type,
            long count,
            long nulls,
            long distinct,
            Object min,
            Object max,
            Object mean,
            Double stddev,
            Map<String, Object> quantiles,
            HistogramView histogram,
            List<TopView> top,
            TextView text,
            EstimatesView estimates) {}

    /** Of bins from one edge up to the next. */
    record HistogramView(List<Object> edges, List<Long> counts) {}

    record TopView(Object value, long count) {}

    /** Figures of texts; lengths in characters. */
    record TextView(
            int minLength,
            double meanLength,
            int maxLength,
            long empty,
            long leadingWhitespace,
            long trailingWhitespace) {}

    /**
     * How far off estimates may be; what is exact is absent.
     *
     * @param distinct bounds with 95 % confidence
     * @param quantiles by how much the share of a quantile may be off, and of values below the edge of a bin; with 99 %
     *     confidence
     * @param top by how much a count may be too high
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record EstimatesView(BoundsView distinct, Double quantiles, Long top) {}

    record BoundsView(long atLeast, long atMost) {}

    static ColumnView column(Column column, ColumnProfile p) {
        ColumnType type = column.columnType();
        Distinct distinct = p.distinct();
        Numbers numbers = p.numbers();
        boolean estimated = distinct.atLeast() != distinct.atMost();
        double off = numbers == null ? 0 : numbers.error();
        return new ColumnView(
                column.name(),
                column.type(),
                p.count(),
                p.nulls(),
                distinct.estimate(),
                value(type, p.min()),
                value(type, p.max()),
                Double.isNaN(p.mean()) ? null : JsonValue.ofMean(type, p.mean()),
                Double.isNaN(p.standardDeviation()) ? null : p.standardDeviation() * JsonValue.seconds(type),
                numbers == null ? null : quantiles(type, numbers),
                numbers == null ? null : histogram(type, numbers.histogram()),
                p.frequent().stream()
                        .map(f -> new TopView(value(type, f.value()), f.count()))
                        .toList(),
                text(p.texts()),
                new EstimatesView(
                        estimated ? new BoundsView(distinct.atLeast(), distinct.atMost()) : null,
                        off == 0 ? null : off,
                        p.frequentError() == 0 ? null : p.frequentError()));
    }

    private static Object value(ColumnType type, Cell cell) {
        return cell == null ? null : JsonValue.of(type, cell);
    }

    private static Map<String, Object> quantiles(ColumnType type, Numbers numbers) {
        Map<String, Object> quantiles = new LinkedHashMap<>();
        Number[] values = numbers.quantiles(SHARES);
        for (int i = 0; i < SHARES.length; i++) {
            quantiles.put(Double.toString(SHARES[i]), JsonValue.of(type, values[i]));
        }
        return quantiles;
    }

    private static HistogramView histogram(ColumnType type, Histogram histogram) {
        return new HistogramView(
                histogram.edges().stream().map(edge -> JsonValue.of(type, edge)).toList(), histogram.counts());
    }

    private static TextView text(Texts t) {
        return t == null
                ? null
                : new TextView(
                        t.minLength(), t.meanLength(), t.maxLength(), t.empty(), t.leadingSpace(), t.trailingSpace());
    }
}
