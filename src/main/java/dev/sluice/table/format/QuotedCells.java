package dev.sluice.table.format;

/** Whether quotes stand around cells, or are letters of them. */
final class QuotedCells {
    private QuotedCells() {}

    /** Whether some cell of a text begins with a double quote, and every such cell is a quoted one that ends on its line. */
    static boolean areEvident(byte[] b, int from, int to, byte delimiter) {
        boolean any = false;
        int cell = from;
        for (int i = from; i <= to; i++) {
            if (i < to && b[i] != delimiter && b[i] != '\n' && b[i] != '\r') {
                continue;
            }
            boolean begins = cell < i && b[cell] == Dialect.DEFAULT_QUOTE;
            if (begins && i < to && !isQuoted(b, cell, i)) {
                return false;
            }
            any |= begins && i < to;
            cell = i + 1;
        }
        return any;
    }

    /** Whether the quote at {@code from} is closed at the end of the cell, and all between them are doubled. */
    private static boolean isQuoted(byte[] b, int from, int to) {
        int i = from + 1;
        while (i < to - 1) {
            if (b[i] == Dialect.DEFAULT_QUOTE && b[++i] != Dialect.DEFAULT_QUOTE) {
                return false;
            }
            i++;
        }
        return i == to - 1 && b[i] == Dialect.DEFAULT_QUOTE;
    }
}
