package dev.sluice.table.format;

/** Cuts one record of a batch into fields. Owned by one thread; what it says of a record holds until the next. */
final class RecordScanner {
    /** The record's end is not in the batch. */
    static final int INCOMPLETE = -1;

    /** The source ends inside of a quoted field. */
    static final int UNCLOSED = -2;

    /** A quoted field has more lines that look like records than it may have. */
    static final int TOO_MANY_LINES = -3;

    private final Dialect dialect;
    private final Marks marks;
    private final int quoteLines;
    private boolean malformed;
    private int quoteAt;

    RecordScanner(Dialect dialect, Marks marks, int quoteLines) {
        this.dialect = dialect;
        this.marks = marks;
        this.quoteLines = quoteLines;
    }

    /** Whether the record has text behind a closing quote. */
    boolean malformed() {
        return malformed;
    }

    /** Where the quote of an {@link #UNCLOSED} field is, or of one of {@link #TOO_MANY_LINES}. */
    int quoteAt() {
        return quoteAt;
    }

    /**
     * Adds the fields of the record that begins at {@code from}.
     *
     * @param ended whether no more bytes will come
     * @param complete whether the source ends where they do
     * @param expected fields of a record; less than 1 if that is not known
     * @return where the next record begins, or one of the negative constants above
     */
    int scan(RecordBatch batch, int from, boolean ended, boolean complete, int expected) {
        byte[] b = batch.bytes;
        int length = batch.length;
        malformed = false;
        int field = from;
        int at = from;
        while (true) {
            at = marks.next(b, at, length);
            if (at < length && b[at] == dialect.quote()) {
                if (at > field) { // a quote inside of a field is text
                    at++;
                    continue;
                }
                at = quoted(batch, at, complete, expected);
                if (at < 0) {
                    return at;
                }
            } else {
                batch.field(field, at, false);
            }
            if (at == length) {
                return complete ? at : INCOMPLETE;
            }
            byte mark = b[at++];
            field = at;
            if (mark == '\n') {
                return at;
            }
            if (mark == '\r') {
                if (at == length) {
                    return ended ? at : INCOMPLETE; // a line feed may follow
                }
                return b[at] == '\n' ? at + 1 : at;
            }
        }
    }

    /** Adds a quoted field; the index of the delimiter or line end behind it, or a negative constant. */
    private int quoted(RecordBatch batch, int at, boolean complete, int expected) {
        byte[] b = batch.bytes;
        int length = batch.length;
        byte quote = dialect.quote();
        int i = at + 1;
        boolean doubled = false;
        while (true) {
            i = marks.nextQuote(b, i, length);
            if (i == length) {
                quoteAt = at;
                return complete ? UNCLOSED : INCOMPLETE;
            }
            if (i + 1 < length && b[i + 1] == quote) {
                doubled = true;
                i += 2;
                continue;
            }
            break;
        }
        int close = i++;
        if (i == length && !complete) {
            return INCOMPLETE; // the quote may be the first of two
        }
        if (holdsRecords(b, at, close, expected)) {
            quoteAt = at;
            return TOO_MANY_LINES;
        }
        int end = i;
        while (i < length && b[i] != dialect.delimiter() && b[i] != '\n' && b[i] != '\r') {
            i++;
        }
        if (i > end) {
            if (i == length && !complete) {
                return INCOMPLETE;
            }
            malformed = true;
            batch.field(at, i, true);
        } else {
            batch.field(at + 1, close, true);
            if (doubled) {
                batch.escaped();
            }
        }
        return i;
    }

    /** Lines take bytes: a short field cannot have too many. */
    private boolean holdsRecords(byte[] b, int at, int close, int expected) {
        return expected > 0
                && close - at > (long) quoteLines * expected
                && RecordLines.behindFirst(marks, dialect, b, at + 1, close, false, expected)
                        .exceed(quoteLines);
    }
}
