package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import dev.sluice.table.copy.CopyBuffer;
import dev.sluice.table.format.RecordBatch;
import java.math.BigDecimal;
import java.util.Arrays;
import org.apache.datasketches.hash.XxHash64;

/**
 * The cells of one column of a batch as values, one a record, in numbers of 64 bits: what is asked of all of them is asked in
 * one loop. What numbers cannot hold is read from the batch again. Recycled; owned by one thread.
 */
public final class ColumnVector {
    /** What the numbers are, and how they are written. */
    public enum Layout {
        /** 0 or 1. */
        BOOL,
        /** 32 bits. */
        INT4,
        INT8,
        /** The bits of a double. */
        FLOAT8,
        /** All digits as one integer, and the scale; {@link #TOO_LONG} in place of it for what is only in the batch. */
        NUMERIC,
        /** The high and the low half. */
        UUID,
        /** The first eight bytes, big endian; all of them are in the batch. */
        TEXT;

        /** Whether values are whole numbers, or times as such. */
        public boolean isWhole() {
            return this == INT4 || this == INT8;
        }

        /** Whether values are numbers or times. */
        public boolean isNumber() {
            return isWhole() || this == FLOAT8 || this == NUMERIC;
        }
    }

    /** In place of a scale. */
    static final int TOO_LONG = -1;

    private static final byte VALUE = 0;
    private static final byte NULL = 1;
    private static final byte MISFIT = 2;
    private static final byte KEPT_OUT = 3;

    private static final double[] POWERS = new double[CopyBuffer.MAX_SCALE + 1];
    private static final long EXACT_DOUBLE = 1_000_000_000_000_000L;

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private final int column;
    private RecordBatch batch;
    private Layout layout;
    private long[] values = new long[16];
    private long[] seconds = new long[0];
    private byte[] states = new byte[16];
    private final byte[] plain = new byte["-e-00".length() + NumberScan.LONG_DIGITS];

    /** @param column which of a batch */
    public ColumnVector(int column) {
        this.column = column;
    }

    /** Begins anew with cells of another batch, or as another type. */
    void reset(RecordBatch batch, CellParser parser) {
        this.batch = batch;
        this.layout = parser == null ? Layout.TEXT : parser.layout();
        int size = batch.size();
        if (values.length < size) {
            values = new long[size];
            states = new byte[size];
        }
        if (seconds.length < size && (layout == Layout.NUMERIC || layout == Layout.UUID)) {
            seconds = new long[values.length];
        }
    }

    void set(int r, long value, long second) {
        states[r] = VALUE;
        values[r] = value;
        if (layout == Layout.NUMERIC || layout == Layout.UUID) {
            seconds[r] = second;
        }
    }

    void setNull(int r) {
        states[r] = NULL;
    }

    /** Says of a cell that it is not of the column's type: it is NULL then. */
    void setMisfit(int r) {
        states[r] = MISFIT;
    }

    public boolean isMisfit(int r) {
        return states[r] == MISFIT;
    }

    /** Says of a record that it does not become a row. */
    public void keepOut(int r) {
        states[r] = KEPT_OUT;
    }

    public boolean isNull(int r) {
        return states[r] == NULL || states[r] == MISFIT;
    }

    public boolean isValue(int r) {
        return states[r] == VALUE;
    }

    /** Appends the cell of a record as one field. */
    public void write(int r, CopyBuffer out) {
        if (states[r] != VALUE) {
            out.nullField();
            return;
        }
        long value = values[r];
        switch (layout) {
            case BOOL -> out.bool(value != 0);
            case INT4 -> out.int4((int) value);
            case INT8, FLOAT8 -> out.int8(value);
            case NUMERIC -> {
                int scale = (int) seconds[r];
                if (scale == TOO_LONG) {
                    out.numeric(batch.bytes(), start(r), end(r));
                } else {
                    out.numeric(value, scale);
                }
            }
            case UUID -> out.uuid(value, seconds[r]);
            case TEXT -> out.text(batch.bytes(), start(r), end(r) - start(r));
        }
    }

    /** A number that orders the value of a record: if it is less than another's, so is the value. Equal ones decide nothing. */
    public long orderKey(int r) {
        long value = values[r];
        return switch (layout) {
            case BOOL, INT4, INT8 -> value;
            case FLOAT8 -> ordered(Double.longBitsToDouble(value));
            case UUID, TEXT -> value ^ Long.MIN_VALUE;
            case NUMERIC -> ordered(decimal(r));
        };
    }

    /** The correctly rounded double of a NUMERIC: all ways to it round once, so they agree. */
    private double decimal(int r) {
        long unscaled = values[r];
        int scale = (int) seconds[r];
        if (scale == TOO_LONG) {
            return JavaDoubleParser.parseDouble(batch.bytes(), start(r), end(r) - start(r));
        }
        return Math.abs(unscaled) < EXACT_DOUBLE ? unscaled / POWERS[scale] : decimal(unscaled, scale);
    }

    /** Of many digits: by way of a text that is {@code unscaled} and an exponent. */
    private double decimal(long unscaled, int scale) {
        int at = plain.length;
        plain[--at] = (byte) ('0' + scale % 10);
        plain[--at] = (byte) ('0' + scale / 10);
        plain[--at] = '-';
        plain[--at] = 'e';
        for (long rest = Math.abs(unscaled); rest > 0; rest /= 10) {
            plain[--at] = (byte) ('0' + rest % 10);
        }
        if (unscaled < 0) {
            plain[--at] = '-';
        }
        return JavaDoubleParser.parseDouble(plain, at, plain.length - at);
    }

    /** The bits of a double, so turned that they order as the doubles do. */
    static long ordered(double value) {
        long bits = Double.doubleToLongBits(value);
        return bits ^ (bits >> 63) & Long.MAX_VALUE;
    }

    /**
     * A number that is the same for equal values and another for different ones: the value itself, or a hash of it (XXH64),
     * of which two may be the same once in 2^64. Numbers are equal whatever their scale.
     */
    public long key(int r) {
        return switch (layout) {
            case BOOL, INT4, INT8, FLOAT8 -> values[r];
            case UUID -> XxHash64.hash(values[r], seconds[r]);
            case TEXT -> XxHash64.hashBytes(batch.bytes(), start(r), end(r) - start(r), 0);
            case NUMERIC ->
                seconds[r] == TOO_LONG
                        ? longKey(cell(r).decimal().stripTrailingZeros())
                        : numericKey(values[r], (int) seconds[r]);
        };
    }

    private static long numericKey(long unscaled, int scale) {
        long number = unscaled;
        int places = scale;
        while (places > 0 && number % 10 == 0) {
            number /= 10;
            places--;
        }
        return Math.abs(number) < EXACT_DOUBLE
                ? Double.doubleToRawLongBits(number / POWERS[places])
                : XxHash64.hash(number, places);
    }

    private static long longKey(BigDecimal stripped) {
        BigDecimal plain = stripped.scale() < 0 ? stripped.setScale(0) : stripped;
        if (plain.precision() <= NumberScan.LONG_DIGITS && plain.scale() <= CopyBuffer.MAX_SCALE) {
            return numericKey(plain.unscaledValue().longValueExact(), plain.scale()); // the same number written shorter
        }
        byte[] digits = stripped.toString().getBytes(US_ASCII);
        return XxHash64.hashBytes(digits, 0, digits.length, 0);
    }

    /** The number that stands for the value of a record, by {@link #layout}. */
    public long value(int r) {
        return values[r];
    }

    /** The nearest double of a decimal. */
    public double number(int r) {
        return switch (layout) {
            case FLOAT8 -> Double.longBitsToDouble(values[r]);
            case NUMERIC -> decimal(r);
            case BOOL, INT4, INT8, UUID, TEXT -> throw new IllegalStateException("no decimals: " + layout);
        };
    }

    public Layout layout() {
        return layout;
    }

    /** The value of a record, to keep. */
    public Cell cell(int r) {
        int start = start(r);
        int end = Math.min(end(r), start + Cell.MAX_TEXT);
        long second = layout == Layout.NUMERIC || layout == Layout.UUID ? seconds[r] : 0;
        return new Cell(
                layout, orderKey(r), values[r], second, Arrays.copyOfRange(batch.bytes(), start, end), end < end(r));
    }

    /** Orders a value that was kept and that of a record. */
    public int compare(Cell kept, int r) {
        int byKey = Long.compare(kept.orderKey(), orderKey(r));
        return byKey != 0 ? byKey : kept.compareTied(this, r);
    }

    /** Where the cell of a record begins in {@link #bytes}. */
    public int start(int r) {
        return batch.start(r, column);
    }

    public int end(int r) {
        return batch.end(r, column);
    }

    public byte[] bytes() {
        return batch.bytes();
    }
}
