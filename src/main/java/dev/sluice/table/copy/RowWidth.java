package dev.sluice.table.copy;

/**
 * How much of a heap page a row takes at least, once PostgreSQL has moved out of line all that it can. A row that is
 * wider than {@link #MAX} is refused by PostgreSQL and would abort the load.
 *
 * <p>After heap_toast_insert_or_update and MaxHeapTupleSize in PostgreSQL's sources (pages of 8 kB): a value of more
 * than 24 bytes can become a pointer of 18; shorter ones and those of fixed length stay.
 */
public final class RowWidth {
    /** The widest tuple a page holds, in bytes. */
    public static final int MAX = 8160;

    /** No row of so few columns can be too wide: each takes 24 bytes at most, and the header fits beside them. */
    public static final int ALWAYS_FITS = 330;

    /** In place of an alignment: a numeric, whose header on the heap is shorter than on the wire. */
    public static final byte NUMERIC = -1;

    private static final int MAX_SHORT_SCALE = 63;
    private static final int MAX_SHORT_WEIGHT = 63;
    private static final int HEADER = 23;
    private static final int POINTER = 18;
    private static final int LONGEST_IN_LINE = 24;
    private static final int LONGEST_SHORT_VALUE = 126;

    private RowWidth() {}

    /**
     * The width of the row that begins at {@code row} in {@code buffer}.
     *
     * @param alignments of the fields in bytes; 0 for a type of variable length, {@link #NUMERIC} for numeric
     */
    public static int of(CopyBuffer buffer, int row, byte[] alignments) {
        int at = row + 2;
        int data = 0;
        boolean nulls = false;
        for (byte alignment : alignments) {
            int len = buffer.fieldLength(at);
            at += 4;
            if (len < 0) {
                nulls = true;
                continue;
            }
            int field = at;
            at += len;
            if (alignment <= 0) {
                len = alignment == NUMERIC ? numeric(buffer, field, len) : len;
                int stored = len + (len <= LONGEST_SHORT_VALUE ? 1 : 4);
                data += stored > LONGEST_IN_LINE ? POINTER : stored;
            } else {
                data = align(data, alignment) + len;
            }
        }
        int header = align(HEADER + (nulls ? (alignments.length + 7) / 8 : 0), 8);
        return header + align(data, 8);
    }

    /** Bytes of a numeric on the heap, of which the header is 2 or 4 (NumericShort and NumericLong), not the wire's 8. */
    private static int numeric(CopyBuffer buffer, int at, int len) {
        int weight = buffer.shortAt(at + 2);
        int scale = buffer.shortAt(at + 6);
        boolean isShort = scale <= MAX_SHORT_SCALE && weight <= MAX_SHORT_WEIGHT && weight >= -MAX_SHORT_WEIGHT - 1;
        return len - 8 + (isShort ? 2 : 4);
    }

    private static int align(int offset, int alignment) {
        return (offset + alignment - 1) / alignment * alignment;
    }
}
