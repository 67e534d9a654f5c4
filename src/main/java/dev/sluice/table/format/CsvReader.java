package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.ProblemException.Position;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a stream of UTF-8 bytes into records: RFC 4180 with any of CRLF, LF and CR as the end of a line, the last of
 * which may lack. Empty lines are no records, unless records have a single field. A record with the wrong number of
 * fields, or with text between a closing quote and the next delimiter, is kept out and reported.
 *
 * <p>Bytes are read straight into the batch that will hold them; only a record cut by the end of a batch is copied. One
 * class, although long: refilling, cutting and counting share the state that a record across two buffers needs.
 */
public final class CsvReader {
    /** The longest label of a column, in bytes. */
    static final int MAX_LABEL = 2000;

    /** A byte that means nothing in any dialect. */
    private static final byte NO_MARK = 0x7F;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private final boolean beginning;
    private final Dialect dialect;
    private final Marks marks;
    private final int maxRecord;
    private final Utf8Validator validator = new Utf8Validator();
    private final List<String> header;
    private byte[] carry = new byte[1024];
    private int carried;
    private long carryOffset;
    private boolean ended;
    private long row;

    private int fields = -1;
    private boolean malformed;
    private boolean inHeader = true;

    private CsvReader(InputStream in, boolean beginning, Dialect dialect, int maxRecord) throws IOException {
        this.in = in;
        this.beginning = beginning;
        this.maxRecord = maxRecord;
        RecordBatch first = new RecordBatch();
        first.reset(0);
        fill(first);
        int start = skipByteOrderMark(first);
        this.dialect = dialect == null ? DialectSniffer.sniff(first.bytes, start, first.length, sourceEnds()) : dialect;
        this.marks = new Marks(this.dialect);
        this.header = readHeader(first, start);
        fields = header.size();
        inHeader = false;
    }

    /**
     * Opens a source and reads its header.
     *
     * @param dialect {@code null} to find it out
     * @param maxRecord the longest record in bytes, delimiters and quotes included; at least {@link
     *     RecordBatch#CAPACITY} count
     * @throws ProblemException {@code BODY_EMPTY}, {@code HEADER_INVALID}, {@code TOO_MANY_COLUMNS}, and whatever {@link
     *     #read} throws
     */
    public static CsvReader open(InputStream in, Dialect dialect, int maxRecord) throws IOException {
        return new CsvReader(in, false, dialect, maxRecord);
    }

    /**
     * Opens the beginning of a source, of which the rest is not here: a record that does not end in it is left out. All
     * else is as if the source were {@linkplain #open opened}.
     *
     * @throws ProblemException also {@code HEADER_INVALID} if the header does not end in it
     */
    public static CsvReader openBeginning(InputStream in, Dialect dialect, int maxRecord) throws IOException {
        return new CsvReader(in, true, dialect, maxRecord);
    }

    public Dialect dialect() {
        return dialect;
    }

    /** The fields of the first record. */
    public List<String> header() {
        return header;
    }

    /** Whether the source ends with what was read: its last record needs no other end. */
    private boolean sourceEnds() {
        return ended && !beginning;
    }

    /** Whether everything has been read. */
    public boolean atEnd() {
        return ended && carried == 0;
    }

    /**
     * Reads the next records, and what was kept out between them: a batch may hold nothing but that.
     *
     * @return false if there are no more; {@code batch} is empty then
     * @throws ProblemException {@code TEXT_INVALID}, {@code RECORD_TOO_LONG}, {@code QUOTE_UNTERMINATED}
     */
    public boolean read(RecordBatch batch) throws IOException {
        do {
            if (atEnd()) {
                batch.reset(0);
                return false;
            }
            batch.reset(carried);
            System.arraycopy(carry, 0, batch.bytes, 0, carried);
            batch.length = carried;
            carried = 0;
            if (carry.length > RecordBatch.CAPACITY) {
                carry = new byte[1024]; // a long record is rare
            }
            if (batch.length < RecordBatch.CAPACITY / 2) { // else a full batch left much, and there is enough to do
                fill(batch);
            }
            int end = records(batch, 0, Integer.MAX_VALUE);
            while (end == 0 && batch.size() == 0 && !ended) {
                lengthen(batch);
                end = records(batch, 0, Integer.MAX_VALUE);
            }
            boolean cut = ended && beginning && !batch.full(); // what is left of a full one may have records
            keep(batch, cut ? batch.length : end);
        } while (batch.size() == 0 && batch.rejects().isEmpty());
        return true;
    }

    private void lengthen(RecordBatch batch) throws IOException {
        if (batch.length >= maxRecord) {
            throw new ProblemException(
                    ErrorCode.RECORD_TOO_LONG,
                    "A record is longer than " + maxRecord + " bytes; a quote may not have been closed.",
                    new Position(inHeader ? null : nextRow(), carryOffset));
        }
        batch.grow(Math.min(batch.room() * 2, Math.max(batch.room(), maxRecord)));
        fill(batch);
    }

    private List<String> readHeader(RecordBatch first, int start) throws IOException {
        int end = records(first, start, 1);
        while (first.size() == 0 && !ended) {
            lengthen(first);
            first.dropOpenFields();
            end = records(first, start, 1);
        }
        if (first.size() == 0 && end < first.length) {
            throw new ProblemException(
                    ErrorCode.HEADER_INVALID,
                    "The header does not end in the first " + first.length + " bytes of the source.");
        }
        if (first.size() == 0) {
            throw new ProblemException(ErrorCode.BODY_EMPTY, "The body has no header and no records.");
        }
        List<String> labels = new ArrayList<>();
        for (int f = 0; f < fields; f++) {
            int length = first.end(0, f) - first.start(0, f);
            if (length > MAX_LABEL) {
                throw new ProblemException(
                        ErrorCode.HEADER_INVALID,
                        "Label " + (f + 1) + " has " + length + " bytes; a label has at most " + MAX_LABEL + ".");
            }
            labels.add(new String(first.bytes, first.start(0, f), length, UTF_8));
        }
        row = 0;
        keep(first, end);
        return List.copyOf(labels);
    }

    private static int skipByteOrderMark(RecordBatch batch) {
        for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
            if (i >= batch.length || batch.bytes[i] != BYTE_ORDER_MARK[i]) {
                return 0;
            }
        }
        return BYTE_ORDER_MARK.length;
    }

    private void keep(RecordBatch batch, int from) {
        carried = batch.length - from;
        if (carry.length < carried) {
            carry = new byte[carried];
        }
        System.arraycopy(batch.bytes, from, carry, 0, carried);
        carryOffset += from;
    }

    private void fill(RecordBatch batch) throws IOException {
        while (!ended && batch.length < batch.room()) {
            int n = in.read(batch.bytes, batch.length, batch.room() - batch.length);
            if (n < 0) {
                ended = true;
                if (validator.incomplete() && sourceEnds()) {
                    throw invalid(batch, batch.length, "ends inside a character");
                }
                return;
            }
            int bad = validator.validate(batch.bytes, batch.length, batch.length + n);
            if (bad >= 0) {
                String what =
                        batch.bytes[bad] == 0 ? "is NUL" : String.format("(0x%02X) is not UTF-8", batch.bytes[bad]);
                throw invalid(batch, bad, what);
            }
            batch.length += n;
        }
    }

    /** Finds the row by reading what comes before the byte. */
    private ProblemException invalid(RecordBatch batch, int at, String what) {
        long offset = carryOffset + at;
        Long badRow = null;
        if (!inHeader) {
            batch.bytes[at] = NO_MARK; // the record that the byte belongs to has begun, and does not end with it
            batch.length = at + 1;
            ended = false;
            int from = 0;
            for (int end = records(batch, 0, Integer.MAX_VALUE); end > from; ) {
                from = end;
                batch.forgetRecords();
                end = records(batch, from, Integer.MAX_VALUE);
            }
            badRow = nextRow();
        }
        return new ProblemException(
                ErrorCode.TEXT_INVALID, "Byte " + offset + " " + what + ".", new Position(badRow, offset));
    }

    private long nextRow() {
        return row + 1;
    }

    /**
     * Finds the complete records of a batch.
     *
     * @param most stop after so many
     * @return where the first incomplete one begins
     */
    private int records(RecordBatch batch, int from, int most) {
        int recordStart = from;
        while (recordStart < batch.length && batch.size() < most && !batch.full()) {
            int end = record(batch, recordStart);
            if (end < 0) {
                batch.dropOpenFields();
                return recordStart;
            }
            finish(batch, recordStart, end);
            recordStart = end;
        }
        return recordStart;
    }

    private void finish(RecordBatch batch, int from, int end) {
        int found = batch.openFields();
        boolean emptyLine = found == 1 && isLineEnd(batch.bytes[from]);
        if (emptyLine && fields != 1) {
            batch.dropOpenFields();
            return;
        }
        row++;
        if (inHeader) {
            if (found > RecordBatch.MAX_FIELDS) {
                throw new ProblemException(
                        ErrorCode.TOO_MANY_COLUMNS,
                        "The header has " + found + " columns; a table has at most " + RecordBatch.MAX_FIELDS + ".");
            }
            fields = found;
        }
        if (found == fields && !malformed) {
            batch.record(row, dialect.quote());
            return;
        }
        String reason = malformed
                ? RejectedRecord.TEXT_AFTER_QUOTE
                : found < fields ? RejectedRecord.TOO_FEW_FIELDS : RejectedRecord.TOO_MANY_FIELDS;
        batch.dropOpenFields();
        int textEnd = end;
        while (textEnd > from && isLineEnd(batch.bytes[textEnd - 1])) {
            textEnd--;
        }
        if (inHeader) {
            throw new ProblemException(ErrorCode.HEADER_INVALID, "The header has text behind a closing quote.");
        }
        batch.rejects().add(RejectedRecord.of(row, null, batch.bytes, from, textEnd, reason));
    }

    private static boolean isLineEnd(byte c) {
        return c == '\n' || c == '\r';
    }

    /** Adds the fields of one record; where the next one begins, or -1 if this one's end is not in the batch. */
    private int record(RecordBatch batch, int from) {
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
                at = quoted(batch, at);
                if (at < 0) {
                    return -1;
                }
            } else {
                batch.field(field, at, false);
            }
            if (at == length) {
                return sourceEnds() ? at : -1;
            }
            byte mark = b[at++];
            field = at;
            if (mark == '\n') {
                return at;
            }
            if (mark == '\r') {
                if (at == length) {
                    return ended ? at : -1; // a line feed may follow
                }
                return b[at] == '\n' ? at + 1 : at;
            }
        }
    }

    /** Adds a quoted field; the index of the delimiter or line end behind it, or -1 if that is not in the batch. */
    private int quoted(RecordBatch batch, int at) {
        byte[] b = batch.bytes;
        int length = batch.length;
        byte quote = dialect.quote();
        int i = at + 1;
        boolean doubled = false;
        while (true) {
            i = marks.nextQuote(b, i, length);
            if (i == length) {
                if (sourceEnds()) {
                    throw new ProblemException(
                            ErrorCode.QUOTE_UNTERMINATED,
                            "The quote at byte " + (carryOffset + at) + " is never closed.",
                            new Position(inHeader ? null : nextRow(), carryOffset + at));
                }
                return -1;
            }
            if (i + 1 < length && b[i + 1] == quote) {
                doubled = true;
                i += 2;
                continue;
            }
            break;
        }
        int close = i++;
        if (i == length && !sourceEnds()) {
            return -1; // the quote may be the first of two
        }
        int end = i;
        while (i < length && b[i] != dialect.delimiter() && !isLineEnd(b[i])) {
            i++;
        }
        if (i > end) {
            if (i == length && !sourceEnds()) {
                return -1;
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
}
