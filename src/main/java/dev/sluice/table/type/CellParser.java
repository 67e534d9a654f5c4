package dev.sluice.table.type;

import dev.sluice.table.type.TypeOptions.DateOrder;
import java.util.List;

/**
 * Reads the cells of a column as one type, and learns the format they share while it does. Owned by one thread; no
 * method allocates per cell.
 */
public abstract sealed class CellParser
        permits BooleanParser,
                BigIntParser,
                NumericParser,
                ValueParser,
                LocalNumberParser,
                DoubleParser,
                TemporalParser,
                PatternParser,
                UuidParser,
                TextParser {

    /** The value held. */
    long value;

    /** What else there is of it. */
    long second;

    /**
     * Whether the cell is a value of this type in the format of all cells accepted before. If so its value is held until
     * the next call, and the format is narrowed by it.
     *
     * @param len at least 1, but for text
     */
    public abstract boolean accept(byte[] bytes, int off, int len);

    /** What {@link #value} and {@link #second} are. */
    abstract ColumnVector.Layout layout();

    /** The type, with the format of all cells accepted so far. */
    public abstract ColumnType type();

    /** Alignment in a heap tuple in bytes; 0 for a type of variable length; see {@link dev.sluice.table.copy.RowWidth}. */
    public abstract int alignment();

    /** A parser for the next wider type that holds everything accepted so far. */
    CellParser widened() {
        return new TextParser();
    }

    /**
     * Parsers of other formats in which this cell, which this one does not accept, and everything accepted so far can be
     * read: none, one, or two that more cells have to decide between.
     */
    List<CellParser> others(byte[] bytes, int off, int len) {
        return List.of();
    }

    /** Whether its cells are dates that have day, month and year in that order. */
    final boolean isOrdered(DateOrder order) {
        return switch (type()) {
            case ColumnType.Date date -> date.pattern().order() == order;
            case ColumnType.Timestamp timestamp -> timestamp.pattern().order() == order;
            case ColumnType.TimestampTz timestamp -> timestamp.pattern().order() == order;
            default -> false;
        };
    }

    /** Whether what was seen suffices to take this type. */
    boolean proven() {
        return true;
    }

    /** Whether some cell accepted excludes every other reading of the cells that can be read in two ways. */
    boolean explained() {
        return true;
    }

    /** What no cell says as long as this type is not {@linkplain #proven} or its cells are not {@linkplain #explained}. */
    String doubt() {
        return "";
    }
}
