package dev.sluice.table.profile;

import dev.sluice.table.type.ColumnVector;
import dev.sluice.table.type.ColumnVector.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.kll.KllLongsSketch;
import org.apache.datasketches.kll.KllSketch;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/**
 * The distribution of a column's numbers as a KLL sketch (Karnin, Lang and Liberty, "Optimal Quantile Approximation in
 * Streams", 2016): of whole numbers, so that none loses a digit, or of doubles.
 */
sealed interface Quantiles {
    /** Bins of a histogram; of whole numbers fewer if there are fewer between the least and the greatest. */
    int BINS = 20;

    /** Adds the values of the records from {@code from} up to {@code to}. */
    void add(ColumnVector cells, int from, int to);

    void merge(Quantiles other);

    KllSketch sketch();

    /**
     * The values below which those shares of all lie.
     *
     * @return longs or doubles, as the column's values are
     */
    Number[] at(double[] shares);

    /** The edges of bins of the same width: from one, up to but not including the next, but for the last of doubles. */
    Number[] edges();

    /** How many values each of the bins holds. */
    long[] counts(Number[] edges);

    /** How far the share of a quantile may be off (with 99 % confidence); 0 if all values are known. */
    default double error() {
        return sketch().isEstimationMode() ? sketch().getNormalizedRankError(false) : 0;
    }

    /** Whole counts that add up to all, from the shares of values below each edge. */
    private static long[] counts(double[] below, long all) {
        long[] counts = new long[below.length + 1];
        long before = 0;
        for (int i = 0; i < below.length; i++) {
            long now = Math.round(below[i] * all);
            counts[i] = now - before;
            before = now;
        }
        counts[below.length] = all - before;
        return counts;
    }

    /** For columns of that layout; {@code null} if it has no numbers. */
    static Quantiles of(Layout layout) {
        return switch (layout) {
            case INT4, INT8 -> new OfLongs(KllLongsSketch.newHeapInstance());
            case NUMERIC, FLOAT8 -> new OfDoubles(KllDoublesSketch.newHeapInstance());
            case BOOL, UUID, TEXT -> null;
        };
    }

    static Quantiles read(Layout layout, DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        MemorySegment segment = MemorySegment.ofArray(bytes);
        return layout == Layout.INT4 || layout == Layout.INT8
                ? new OfLongs(KllLongsSketch.heapify(segment))
                : new OfDoubles(KllDoublesSketch.heapify(segment));
    }

    byte[] bytes();

    default void write(DataOutput out) throws IOException {
        byte[] bytes = bytes();
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Of whole numbers. */
    final class OfLongs implements Quantiles {
        private final KllLongsSketch sketch;
        private long[] values = new long[0];

        private OfLongs(KllLongsSketch sketch) {
            this.sketch = sketch;
        }

        @Override
        public void add(ColumnVector cells, int from, int to) {
            if (values.length < to - from) {
                values = new long[to - from];
            }
            int n = 0;
            for (int r = from; r < to; r++) {
                if (cells.isValue(r)) {
                    values[n++] = cells.value(r);
                }
            }
            sketch.update(values, 0, n);
        }

        @Override
        public void merge(Quantiles other) {
            sketch.merge(other.sketch());
        }

        @Override
        public KllSketch sketch() {
            return sketch;
        }

        @Override
        public byte[] bytes() {
            return sketch.toByteArray();
        }

        @Override
        public Number[] at(double[] shares) {
            return LongStream.of(sketch.getQuantiles(shares, QuantileSearchCriteria.INCLUSIVE))
                    .boxed()
                    .toArray(Number[]::new);
        }

        @Override
        public Number[] edges() {
            BigInteger least = BigInteger.valueOf(sketch.getMinItem());
            BigInteger width =
                    BigInteger.valueOf(sketch.getMaxItem()).subtract(least).add(BigInteger.ONE);
            int bins = width.min(BigInteger.valueOf(BINS)).intValue();
            return IntStream.rangeClosed(0, bins)
                    .mapToObj(i -> width.multiply(BigInteger.valueOf(i))
                            .divide(BigInteger.valueOf(bins))
                            .add(least)
                            .min(BigInteger.valueOf(Long.MAX_VALUE))
                            .longValueExact())
                    .toArray(Number[]::new);
        }

        @Override
        public long[] counts(Number[] edges) {
            long[] inner = Arrays.stream(edges, 1, edges.length - 1)
                    .mapToLong(Number::longValue)
                    .toArray();
            if (inner.length == 0) {
                return new long[] {sketch.getN()};
            }
            double[] below = sketch.getCDF(inner, QuantileSearchCriteria.EXCLUSIVE);
            return Quantiles.counts(Arrays.copyOf(below, inner.length), sketch.getN());
        }
    }

    /** Of decimals, as the nearest doubles; without those beyond the range of a double. */
    final class OfDoubles implements Quantiles {
        private final KllDoublesSketch sketch;
        private double[] values = new double[0];

        private OfDoubles(KllDoublesSketch sketch) {
            this.sketch = sketch;
        }

        @Override
        public void add(ColumnVector cells, int from, int to) {
            if (values.length < to - from) {
                values = new double[to - from];
            }
            int n = 0;
            for (int r = from; r < to; r++) {
                if (cells.isValue(r)) {
                    double number = cells.number(r);
                    values[n] = number;
                    n += Double.isInfinite(number) ? 0 : 1;
                }
            }
            sketch.update(values, 0, n);
        }

        @Override
        public void merge(Quantiles other) {
            sketch.merge(other.sketch());
        }

        @Override
        public KllSketch sketch() {
            return sketch;
        }

        @Override
        public byte[] bytes() {
            return sketch.toByteArray();
        }

        @Override
        public Number[] at(double[] shares) {
            return Arrays.stream(sketch.getQuantiles(shares, QuantileSearchCriteria.INCLUSIVE))
                    .boxed()
                    .toArray(Number[]::new);
        }

        @Override
        public Number[] edges() {
            double least = sketch.getMinItem();
            double greatest = sketch.getMaxItem();
            double[] edges = IntStream.rangeClosed(0, BINS)
                    .mapToDouble(i -> i == BINS ? greatest : least + (greatest / BINS - least / BINS) * i)
                    .toArray();
            boolean apart = IntStream.range(0, BINS).allMatch(i -> edges[i] < edges[i + 1]); // few doubles lie between
            return apart ? Arrays.stream(edges).boxed().toArray(Number[]::new) : new Number[] {least, greatest};
        }

        @Override
        public long[] counts(Number[] edges) {
            double[] inner = Arrays.stream(edges, 1, edges.length - 1)
                    .mapToDouble(Number::doubleValue)
                    .toArray();
            if (inner.length == 0) {
                return new long[] {sketch.getN()};
            }
            double[] below = sketch.getCDF(inner, QuantileSearchCriteria.EXCLUSIVE);
            return Quantiles.counts(Arrays.copyOf(below, inner.length), sketch.getN());
        }
    }
}
