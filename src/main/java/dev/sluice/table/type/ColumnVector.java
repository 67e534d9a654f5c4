package dev.sluice.table.type;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import dev.sluice.table.copy.CopyBuffer;
import dev.sluice.table.format.RecordBatch;

/**
 * The cells of one column of a batch as values, one a record, in numbers of 64 bits: what is asked of all of them is asked in
 * one loop. What numbers cannot hold is read from the batch again. Recycled; owned by one thread.
 */
public final class ColumnVector {
    /** What the numbers are, and how they are written. */
    enum Layout {
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
        TEXT
    }

    /** In place of a scale. */
    static final int TOO_LONG = -1;

    private static final byte VALUE = 0;
    private static final byte NULL = 1;
    private static final byte KEPT_OUT = 2;

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
    private CellParser parser;
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
        this.parser = parser;
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

    /** Says of a record that it does not become a row. */
    public void keepOut(int r) {
        states[r] = KEPT_OUT;
    }

    public boolean isNull(int r) {
        return states[r] == NULL;
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

    /** The correctly rounded double: all ways to it round once, so they agree. */
    private double decimal(int r) {
        long unscaled = values[r];
        int scale = (int) seconds[r];
        if (scale != TOO_LONG && Math.abs(unscaled) < EXACT_DOUBLE) {
            return unscaled / POWERS[scale];
        }
        return parser instanceof LocalNumberParser
                ? decimal(unscaled, scale)
                : JavaDoubleParser.parseDouble(batch.bytes(), start(r), end(r) - start(r));
    }

    /** Of a cell that is not written as a double is: {@code unscaled} and an exponent. */
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

    /** Orders a text of a value and that of a record's value, if both have the same {@link #orderKey}. */
    public int compareTied(byte[] text, int length, int r) {
        return parser.compareTied(text, length, batch.bytes(), start(r), end(r) - start(r));
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
