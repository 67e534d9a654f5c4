package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.table.type.ColumnVector.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;

/** A value of a column that is kept beyond its batch, with the text of its cell. Immutable. */
public final class Cell implements Comparable<Cell> {
    /** Bytes kept of a text: all of a number's, more of any other's than is ever shown. */
    static final int MAX_TEXT = 1024;

    private static final byte CONTINUATION = (byte) 0xC0; // bytes below it, as signed, are not the first of a character

    private final Layout layout;
    private final long orderKey;
    private final long value;
    private final long second;
    private final byte[] text;
    private final boolean cut;

    /**
     * @param layout what {@code value} and {@code second} are
     * @param orderKey see {@link ColumnVector#orderKey}
     * @param text the cell in UTF-8, no more than its first {@link #MAX_TEXT} bytes; not copied
     * @param cut whether there was more
     */
    Cell(Layout layout, long orderKey, long value, long second, byte[] text, boolean cut) {
        this.layout = layout;
        this.orderKey = orderKey;
        this.value = value;
        this.second = second;
        this.text = text;
        this.cut = cut;
    }

    /** The same with no more than so many bytes of text, at least 64; a longer number is rounded. */
    public Cell shortened(int most) {
        if (text.length <= most) {
            return this;
        }
        if (layout == Layout.NUMERIC) {
            String rounded = decimal().round(MathContext.DECIMAL128).toString();
            return new Cell(layout, orderKey, value, second, rounded.getBytes(US_ASCII), false);
        }
        int end = most;
        while (text[end] < CONTINUATION) {
            end--; // not inside a character
        }
        return new Cell(layout, orderKey, value, second, Arrays.copyOf(text, end), true);
    }

    /** Orders it and the value of a record with the same {@link ColumnVector#orderKey}. */
    int compareTied(ColumnVector cells, int r) {
        return switch (layout) {
            case BOOL, INT4, INT8, FLOAT8 -> 0;
            case NUMERIC, UUID -> compareTo(cells.cell(r));
            case TEXT -> {
                int end = Math.min(cells.end(r), cells.start(r) + MAX_TEXT);
                yield Arrays.compareUnsigned(text, 0, text.length, cells.bytes(), cells.start(r), end);
            }
        };
    }

    long orderKey() {
        return orderKey;
    }

    /** The number that stands for the value; see {@link ColumnVector#value}. */
    long value() {
        return value;
    }

    long second() {
        return second;
    }

    /** The cell's text, as an {@link Excerpt}. */
    public String excerpt() {
        String start = new String(text, UTF_8);
        return cut && start.length() <= Excerpt.MAX ? start + "…" : Excerpt.of(start);
    }

    /** The value of a cell of {@link Layout#NUMERIC}. */
    BigDecimal decimal() {
        return second == ColumnVector.TOO_LONG
                ? new BigDecimal(new String(text, US_ASCII))
                : BigDecimal.valueOf(value, (int) second);
    }

    /** A number as a long or a double, as {@link Layout#isWhole} says. */
    public Number number() {
        return switch (layout) {
            case INT4, INT8 -> (Number) value;
            case FLOAT8 -> (Number) Double.longBitsToDouble(value);
            case NUMERIC -> (Number) decimal().doubleValue();
            case BOOL, UUID, TEXT -> throw new IllegalStateException("no number: " + layout);
        };
    }

    /** A number as it is: a long, a double or a {@link BigDecimal}. */
    public Number exactNumber() {
        return layout == Layout.NUMERIC ? decimal() : number();
    }

    /** By value, as PostgreSQL orders them; texts in {@code C} order. Of the same layout only. */
    @Override
    public int compareTo(Cell other) {
        if (orderKey != other.orderKey) {
            return Long.compare(orderKey, other.orderKey);
        }
        return switch (layout) {
            case BOOL, INT4, INT8, FLOAT8 -> 0;
            case UUID -> Long.compareUnsigned(second, other.second);
            case TEXT -> Arrays.compareUnsigned(text, other.text);
            case NUMERIC -> decimal().compareTo(other.decimal());
        };
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Cell other && layout == other.layout && compareTo(other) == 0;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(orderKey);
    }

    @Override
    public String toString() {
        return excerpt();
    }

    public void write(DataOutput out) throws IOException {
        out.writeLong(orderKey);
        out.writeLong(value);
        out.writeLong(second);
        out.writeBoolean(cut);
        out.writeShort(text.length);
        out.write(text);
    }

    public static Cell read(Layout layout, DataInput in) throws IOException {
        long orderKey = in.readLong();
        long value = in.readLong();
        long second = in.readLong();
        boolean cut = in.readBoolean();
        byte[] text = new byte[in.readUnsignedShort()];
        in.readFully(text);
        return new Cell(layout, orderKey, value, second, text, cut);
    }
}
