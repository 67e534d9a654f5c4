package dev.sluice.table.format;

/**
 * Lines of a text that look like records though one record has them all: the sign of a quote that was meant as a letter, or
 * was never closed where it should.
 *
 * @param lines lines that were counted
 * @param records those of them that have as many delimiters as a record, and no doubled quote that escapes one
 */
record RecordLines(int lines, int records) {
    static final RecordLines NONE = new RecordLines(0, 0);

    /** Whether more than {@code most} lines look like records, and more than half of all lines do. */
    boolean exceed(int most) {
        return records > most && records > lines / 2;
    }

    /**
     * Counts the lines behind the first line end of a range.
     *
     * @param whole whether the last line counts, which no line end ends
     * @param fields of a record
     */
    static RecordLines behindFirst(
            Marks marks, Dialect dialect, byte[] b, int from, int to, boolean whole, int fields) {
        int lines = -1; // the first does not count
        int records = 0;
        int delimiters = 0;
        boolean escaped = false;
        int line = from;
        for (int at = marks.next(b, from, to); at < to; at = marks.next(b, at, to)) {
            byte mark = b[at];
            if (mark == dialect.delimiter()) {
                delimiters++;
                at++;
            } else if (mark == dialect.quote()) {
                boolean doubled = at + 1 < to && b[at + 1] == mark;
                escaped |= doubled && !isCell(dialect, b, line, at, to);
                at += doubled ? 2 : 1;
            } else {
                records += lines >= 0 && isRecord(delimiters, escaped, at - line, fields) ? 1 : 0;
                lines++;
                at += mark == '\r' && at + 1 < to && b[at + 1] == '\n' ? 2 : 1;
                line = at;
                delimiters = 0;
                escaped = false;
            }
        }
        if (lines < 0) {
            return NONE;
        }
        boolean counts = whole && to > line;
        boolean isRecord = counts && isRecord(delimiters, escaped, to - line, fields);
        return new RecordLines(lines + (counts ? 1 : 0), records + (isRecord ? 1 : 0));
    }

    private static boolean isRecord(int delimiters, boolean escaped, int length, int fields) {
        return delimiters == fields - 1 && !escaped && length > 0;
    }

    /** Whether two quotes are a cell of their own, an empty one, and not an escaped quote. */
    private static boolean isCell(Dialect dialect, byte[] b, int line, int at, int to) {
        boolean begins = at == line || b[at - 1] == dialect.delimiter();
        int end = at + 2;
        return begins && (end >= to || b[end] == dialect.delimiter() || b[end] == '\n' || b[end] == '\r');
    }
}
