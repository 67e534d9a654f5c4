package dev.sluice.table.type;

import dev.sluice.table.copy.CopyBuffer;

/**
 * Reads the cells of a column as one type, and learns the format they share while it does. Owned by one thread; no
 * method allocates per cell.
 */
public abstract sealed class CellParser
        permits BooleanParser, BigIntParser, NumericParser, DoubleParser, TemporalParser, UuidParser, TextParser {

    /**
     * Whether the cell is a value of this type in the format of all cells accepted before. If so its value is held until
     * the next call, and the format is narrowed by it.
     *
     * @param len at least 1, but for text
     */
    public abstract boolean accept(byte[] bytes, int off, int len);

    /** Appends the value held as one field. */
    public abstract void write(CopyBuffer out);

    /** A number that orders the value held: if it is less than another's, so is the value. Equal numbers decide nothing. */
    public abstract long orderKey();

    /** The type, with the format of all cells accepted so far. */
    public abstract ColumnType type();

    /** Alignment in a heap tuple in bytes; 0 for a type of variable length; see {@link dev.sluice.table.copy.RowWidth}. */
    public abstract int alignment();

    /** A parser for the next wider type that holds everything accepted so far. */
    CellParser widened() {
        return new TextParser();
    }

    /** Whether what was seen suffices to take this type. */
    boolean proven() {
        return true;
    }

    /** Orders two accepted cells whose {@link #orderKey} is the same. */
    public int compareTied(byte[] a, int aLen, byte[] b, int bOff, int bLen) {
        return java.util.Arrays.compareUnsigned(a, 0, aLen, b, bOff, bOff + bLen);
    }
}
