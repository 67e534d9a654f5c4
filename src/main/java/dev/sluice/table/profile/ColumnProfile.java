package dev.sluice.table.profile;

import dev.sluice.table.type.Cell;
import dev.sluice.table.type.ColumnVector;
import dev.sluice.table.type.ColumnVector.Layout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Statistics of a column over every cell. While a column has few distinct values, each is counted and all figures are
 * exact; then sketches of Apache DataSketches take over. Profiles of parts {@linkplain #merge merge} into that of the
 * whole, in any order and grouping. Owned by one thread.
 */
public final class ColumnProfile {
    /** Of the form that {@link #toBytes} writes. */
    private static final int FORM = 1;

    /** Two standard errors: the true figure is within the bounds in 95 of 100 cases. */
    private static final int STANDARD_ERRORS = 2;

    private Layout layout; // null while there is no value
    private long count;
    private long nulls;
    private Cell min;
    private Cell max;
    private TextFacts texts = new TextFacts();
    private final Sizes sizes;
    private final FrequentValues frequent;
    private Sketches sketches; // null while all values are counted

    /** A profile of nothing, of a column in a table of so many. */
    public ColumnProfile(int columns) {
        this(Sizes.of(columns), new FrequentValues(Sizes.of(columns).frequent()));
    }

    private ColumnProfile(Sizes sizes, FrequentValues frequent) {
        this.sizes = sizes;
        this.frequent = frequent;
    }

    /**
     * Adds the cells of the records from {@code from} up to {@code to}.
     *
     * @param tally for use within this call
     */
    public void add(ColumnVector cells, int from, int to, Tally tally) {
        tally.count(cells, from, to);
        nulls += tally.nulls();
        if (tally.values() == 0) {
            return;
        }
        become(cells.layout());
        count += tally.values();
        if (sketches == null && !frequent.hasRoomFor(tally)) {
            sketch();
        }
        for (int i = 0; i < tally.size(); i++) {
            add(cells, tally.record(i), tally.key(i), tally.count(i));
        }
        if (sketches != null) {
            sketches.add(cells, from, to, tally);
        }
    }

    private void become(Layout values) {
        if (layout == null) {
            layout = values;
        } else if (layout != values) {
            throw new IllegalArgumentException("a profile of " + layout + ", not of " + values);
        }
    }

    private void sketch() {
        sketches = new Sketches(layout, sizes);
        frequent.counted().forEach(sketches::add);
    }

    private void add(ColumnVector cells, int r, long key, int times) {
        if (min == null || cells.compare(min, r) > 0) {
            min = cells.cell(r);
        }
        if (max == null || cells.compare(max, r) < 0) {
            max = cells.cell(r);
        }
        frequent.add(key, times, cells, r, sizes.text());
        if (layout == Layout.TEXT) {
            texts.add(cells.bytes(), cells.start(r), cells.end(r), times);
        }
    }

    /** Adds what another profile of a column of the same type has seen, which is then of no further use. */
    public void merge(ColumnProfile other) {
        nulls += other.nulls;
        if (other.count == 0) {
            return;
        }
        become(other.layout);
        count += other.count;
        min = min == null || other.min.compareTo(min) < 0 ? other.min : min;
        max = max == null || other.max.compareTo(max) > 0 ? other.max : max;
        texts.merge(other.texts);
        boolean counted = sketches == null && other.sketches == null && frequent.hasRoomFor(other.frequent);
        if (!counted) {
            if (sketches == null) {
                sketch();
            }
            if (other.sketches == null) {
                other.sketch();
            }
            sketches.merge(other.sketches);
        }
        frequent.merge(other.frequent);
    }

    /** Cells that are a value. */
    public long count() {
        return count;
    }

    /** Cells that are NULL. */
    public long nulls() {
        return nulls;
    }

    /** The least value, texts in {@code C} order; {@code null} if there is none. */
    public Cell min() {
        return min;
    }

    /** The greatest value, texts in {@code C} order; {@code null} if there is none. */
    public Cell max() {
        return max;
    }

    /**
     * How many distinct values there are.
     *
     * @param estimate all of them, if it is equal to both bounds
     * @param atLeast with 95 % confidence
     * @param atMost with 95 % confidence
     */
    public record Distinct(long estimate, long atLeast, long atMost) {}

    public Distinct distinct() {
        if (sketches == null) {
            return new Distinct(frequent.size(), frequent.size(), frequent.size());
        }
        return new Distinct(
                Math.min(count, Math.round(sketches.distinct().getEstimate())),
                (long) Math.floor(sketches.distinct().getLowerBound(STANDARD_ERRORS)),
                Math.min(count, (long) Math.ceil(sketches.distinct().getUpperBound(STANDARD_ERRORS))));
    }

    /** The mean of numbers, by {@link ColumnVector#value} of times; NaN if there is none, or one beyond the range of a double. */
    public double mean() {
        return moments().mean();
    }

    /** The standard deviation of a sample; NaN if there are fewer than two numbers or one beyond the range of a double. */
    public double standardDeviation() {
        return moments().deviation();
    }

    private Moments moments() {
        if (sketches != null) {
            return sketches.moments();
        }
        Moments moments = new Moments();
        if (layout != null && layout.isNumber()) {
            frequent.counted().forEach(f -> moments.add(f.value().number(), f.count()));
        }
        return moments;
    }

    /** How numbers and times are distributed; {@code null} if there are none, or one is beyond the range of a double. */
    public Numbers numbers() {
        if (count == 0 || !layout.isNumber()) {
            return null;
        }
        Distribution numbers = sketches == null ? Distribution.of(frequent.counted()) : sketches.numbers(count);
        boolean finite = numbers != null
                && Double.isFinite(numbers.least().doubleValue())
                && Double.isFinite(numbers.greatest().doubleValue());
        return finite ? new Numbers(numbers, count) : null;
    }

    /** The distribution of a column's numbers: longs if they are whole, else decimals if all are known, else doubles. */
    public static final class Numbers {
        private final Distribution distribution;
        private final long count;

        private Numbers(Distribution distribution, long count) {
            this.distribution = distribution;
            this.count = count;
        }

        /** The least values that are no less than those shares of all. */
        public Number[] quantiles(double[] shares) {
            return distribution.at(shares);
        }

        public Histogram histogram() {
            return Histogram.of(distribution, count);
        }

        /** By how much the share of a quantile may be off, with 99 % confidence; 0 if all is exact. */
        public double error() {
            return distribution.error();
        }
    }

    /**
     * A value and how often it occurs.
     *
     * @param count at most so often, and at least that less {@link #frequentError}
     */
    public record Frequent(Cell value, long count) {}

    /** Up to ten most frequent values, the most frequent first; only values that surely occur more often than others. */
    public List<Frequent> frequent() {
        return frequent.shown();
    }

    /** How much too high a count of {@link #frequent} may be; 0 if all are exact. */
    public long frequentError() {
        return frequent.error();
    }

    /**
     * Figures of texts. Lengths are in characters (Unicode code points).
     *
     * @param empty how many are the empty text
     * @param leadingSpace how many begin with white space
     * @param trailingSpace how many end with it
     */
    public record Texts(
            long empty, int minLength, double meanLength, int maxLength, long leadingSpace, long trailingSpace) {}

    /** Figures of texts; {@code null} if there are none. */
    public Texts texts() {
        return layout == Layout.TEXT ? texts.of(count) : null;
    }

    /** Everything, for {@link #of}. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORM);
            out.writeLong(nulls);
            out.writeLong(count);
            if (count > 0) {
                out.writeUTF(layout.name());
                min.write(out);
                max.write(out);
                texts.write(out);
                out.writeBoolean(sketches != null);
                if (sketches != null) {
                    sketches.write(out);
                }
            }
            frequent.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is nothing that could fail in memory
        }
        return bytes.toByteArray();
    }

    /**
     * The profile that {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if the bytes are of another release's form
     */
    public static ColumnProfile of(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int form = in.readByte();
            if (form != FORM) {
                throw new IllegalArgumentException("a profile of form " + form);
            }
            return read(in);
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ColumnProfile read(DataInputStream in) throws IOException {
        long nulls = in.readLong();
        long count = in.readLong();
        if (count == 0) {
            ColumnProfile profile = new ColumnProfile(Sizes.of(1), FrequentValues.read(null, in));
            profile.nulls = nulls;
            return profile;
        }
        Layout layout = Layout.valueOf(in.readUTF());
        Cell min = Cell.read(layout, in);
        Cell max = Cell.read(layout, in);
        TextFacts texts = TextFacts.read(in);
        Sketches sketches = in.readBoolean() ? Sketches.read(layout, in) : null;
        ColumnProfile profile = new ColumnProfile(Sizes.of(1), FrequentValues.read(layout, in));
        profile.nulls = nulls;
        profile.count = count;
        profile.layout = layout;
        profile.min = min;
        profile.max = max;
        profile.texts = texts;
        profile.sketches = sketches;
        return profile;
    }
}
