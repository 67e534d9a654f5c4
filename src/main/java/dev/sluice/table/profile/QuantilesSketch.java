package dev.sluice.table.profile;

import dev.sluice.table.type.ColumnVector;
import dev.sluice.table.type.ColumnVector.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.kll.KllLongsSketch;
import org.apache.datasketches.kll.KllSketch;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/**
 * The distribution of a column's numbers as a KLL sketch (Karnin, Lang and Liberty, "Optimal Quantile Approximation in
 * Streams", 2016): of whole numbers, so that none loses a digit, or of doubles. Knows no value beyond the range of a double.
 */
abstract sealed class QuantilesSketch implements Distribution {

    /** For columns of that layout, which has numbers. */
    static QuantilesSketch of(Layout layout, int k) {
        return layout.isWhole()
                ? new OfLongs(KllLongsSketch.newHeapInstance(k))
                : new OfDoubles(KllDoublesSketch.newHeapInstance(k));
    }

    /** Adds the values of the records from {@code from} up to {@code to}. */
    abstract void add(ColumnVector cells, int from, int to);

    /** Adds a number that occurs {@code times} times. */
    abstract void add(Number number, long times);

    abstract KllSketch sketch();

    abstract byte[] bytes();

    void merge(QuantilesSketch other) {
        sketch().merge(other.sketch());
    }

    /** How many numbers it knows. */
    long size() {
        return sketch().getN();
    }

    @Override
    public double error() {
        return sketch().getNormalizedRankError(false);
    }

    void write(DataOutput out) throws IOException {
        byte[] bytes = bytes();
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static QuantilesSketch read(Layout layout, DataInput in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        MemorySegment segment = MemorySegment.ofArray(bytes);
        return layout.isWhole()
                ? new OfLongs(KllLongsSketch.heapify(segment))
                : new OfDoubles(KllDoublesSketch.heapify(segment));
    }

    private static final class OfLongs extends QuantilesSketch {
        private final KllLongsSketch sketch;
        private long[] values = new long[0];

        private OfLongs(KllLongsSketch sketch) {
            this.sketch = sketch;
        }

        @Override
        void add(ColumnVector cells, int from, int to) {
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
        void add(Number number, long times) {
            sketch.update(number.longValue(), times);
        }

        @Override
        KllSketch sketch() {
            return sketch;
        }

        @Override
        byte[] bytes() {
            return sketch.toByteArray();
        }

        @Override
        public Number least() {
            return sketch.getMinItem();
        }

        @Override
        public Number greatest() {
            return sketch.getMaxItem();
        }

        @Override
        public Number[] at(double[] shares) {
            return LongStream.of(sketch.getQuantiles(shares, QuantileSearchCriteria.INCLUSIVE))
                    .boxed()
                    .toArray(Number[]::new);
        }

        @Override
        public long[] below(Number[] numbers) {
            long[] points = Arrays.stream(numbers).mapToLong(Number::longValue).toArray();
            return Distribution.counts(sketch.getCDF(points, QuantileSearchCriteria.EXCLUSIVE), points.length, size());
        }
    }

    private static final class OfDoubles extends QuantilesSketch {
        private final KllDoublesSketch sketch;
        private double[] values = new double[0];

        private OfDoubles(KllDoublesSketch sketch) {
            this.sketch = sketch;
        }

        @Override
        void add(ColumnVector cells, int from, int to) {
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
        void add(Number number, long times) {
            if (!Double.isInfinite(number.doubleValue())) {
                sketch.update(number.doubleValue(), times);
            }
        }

        @Override
        KllSketch sketch() {
            return sketch;
        }

        @Override
        byte[] bytes() {
            return sketch.toByteArray();
        }

        @Override
        public Number least() {
            return sketch.getMinItem();
        }

        @Override
        public Number greatest() {
            return sketch.getMaxItem();
        }

        @Override
        public Number[] at(double[] shares) {
            return Arrays.stream(sketch.getQuantiles(shares, QuantileSearchCriteria.INCLUSIVE))
                    .boxed()
                    .toArray(Number[]::new);
        }

        @Override
        public long[] below(Number[] numbers) {
            double[] points =
                    Arrays.stream(numbers).mapToDouble(Number::doubleValue).toArray();
            return Distribution.counts(sketch.getCDF(points, QuantileSearchCriteria.EXCLUSIVE), points.length, size());
        }
    }
}
