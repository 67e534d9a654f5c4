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

    /** Bytes of all labels of a table: each description of the table holds them. */
    static final int MAX_LABELS = 256 * 1024;

    /** A byte that means nothing in any dialect. */
    private static final byte NO_MARK = 0x7F;

    private final InputStream in;
    private final boolean beginning;
    private final CsvOptions options;
    private final Dialect dialect;
    private final Marks marks;
    private final RecordScanner scanner;
    private final Utf8Validator validator = new Utf8Validator();
    private final List<String> header;
    private List<String> columns = List.of();
    private byte[] carry = new byte[1024];
    private int carried;
    private long carryOffset;
    private boolean ended;
    private long row;

    /** What is wrong with the last byte that was read; {@code null} while all of it is text. */
    private String invalid;

    private int fields = -1;
    private boolean inHeader = true;

    private CsvReader(InputStream in, String mediaType, boolean beginning, CsvOptions options) throws IOException {
        this.in = in;
        this.beginning = beginning;
        this.options = options;
        RecordBatch first = new RecordBatch();
        first.reset(0);
        fillUnchecked(first);
        int read = first.length;
        Recognition.check(first.bytes, read, mediaType);
        check(first, 0);
        if (invalid != null) {
            String encoding = Recognition.encoding(first.bytes, read);
            invalid += encoding == null ? "" : "; the text seems to be in " + encoding;
        }
        DialectSniffer sniffer = new DialectSniffer(first.bytes, first.length, sourceEnds());
        this.dialect = sniffer.dialect(options);
        this.marks = new Marks(dialect);
        this.scanner = new RecordScanner(dialect, marks, options.quoteLines());
        this.header = readHeader(first, sniffer.start());
        fields = header.size();
        inHeader = false;
    }

    /**
     * Opens a source and reads its header.
     *
     * @param mediaType what its sender calls it, as evidence of what is no table; {@code null} if nothing
     * @throws ProblemException {@code NOT_A_TABLE}, {@code BODY_EMPTY}, {@code HEADER_INVALID}, {@code HEADER_UNCERTAIN},
     *     {@code TOO_MANY_COLUMNS}, and whatever {@link #read} throws
     */
    public static CsvReader open(InputStream in, String mediaType, CsvOptions options) throws IOException {
        return new CsvReader(in, mediaType, false, options);
    }

    /**
     * Opens the beginning of a source, of which the rest is not here: a record that does not end in it is left out. All
     * else is as if the source were {@linkplain #open opened}.
     *
     * @throws ProblemException also {@code HEADER_INVALID} if the header does not end in it
     */
    public static CsvReader openBeginning(InputStream in, String mediaType, CsvOptions options) throws IOException {
        return new CsvReader(in, mediaType, true, options);
    }

    /** Names the columns as problems are to call them, in the order of {@link #header}. */
    public void nameColumns(List<String> names) {
        columns = names;
    }

    public Dialect dialect() {
        return dialect;
    }

    /** The labels of the columns: the fields of the first record, or {@code column_1}, … if it is none. */
    public List<String> header() {
        return header;
    }

    /** Whether nothing was said of the first record, which was taken for the header. */
    public boolean mayLackHeader() {
        return options.header() == Header.UNSAID;
    }

    /** Whether the source ends with what was read: its last record needs no other end. */
    private boolean sourceEnds() {
        return ended && !beginning && invalid == null;
    }

    /** Whether everything has been read. */
    public boolean atEnd() {
        return ended && carried == 0;
    }

    /**
     * Reads the next records, and what was kept out between them: a batch may hold nothing but that.
     *
     * @return false if there are no more; {@code batch} is empty then
     * @throws ProblemException {@code TEXT_INVALID}, {@code RECORD_TOO_LONG}, {@code QUOTE_UNTERMINATED}, {@code
     *     QUOTE_SPANS_RECORDS}
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
        int most = options.maxRecord();
        if (batch.length >= most) {
            throw new ProblemException(
                    ErrorCode.RECORD_TOO_LONG,
                    "A record is longer than " + most + " bytes; a quote may not have been closed.",
                    new Position(inHeader ? null : nextRow(), carryOffset));
        }
        batch.grow(Math.min(batch.room() * 2, Math.max(batch.room(), most)));
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
        List<String> labels = labels(first);
        row = 0;
        keep(first, options.header() == Header.ABSENT ? start : end);
        return labels;
    }

    private List<String> labels(RecordBatch first) {
        List<String> labels = new ArrayList<>();
        int bytes = 0;
        for (int f = 0; f < fields; f++) {
            int length = first.end(0, f) - first.start(0, f);
            if (options.header() == Header.ABSENT) {
                labels.add("column_" + (f + 1));
                continue;
            }
            if (length > MAX_LABEL) {
                throw new ProblemException(
                        ErrorCode.HEADER_INVALID,
                        "Label " + (f + 1) + " has " + length + " bytes; a label has at most " + MAX_LABEL + ".");
            }
            bytes += length;
            if (bytes > MAX_LABELS) {
                throw new ProblemException(
                        ErrorCode.HEADER_INVALID,
                        "The labels of a table have at most " + MAX_LABELS + " bytes together; these have more.");
            }
            labels.add(new String(first.bytes, first.start(0, f), length, UTF_8));
        }
        return List.copyOf(labels);
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
        int from = batch.length;
        fillUnchecked(batch);
        check(batch, from);
    }

    private void fillUnchecked(RecordBatch batch) throws IOException {
        while (!ended && batch.length < batch.room()) {
            int n = in.read(batch.bytes, batch.length, batch.room() - batch.length);
            ended = n < 0;
            batch.length += Math.max(0, n);
        }
    }

    /** Lets the source end with the first byte that is no text; {@link #records} throws when it gets there. */
    private void check(RecordBatch batch, int from) {
        if (invalid != null) {
            return;
        }
        int bad = validator.validate(batch.bytes, from, batch.length);
        if (bad < 0 && validator.pending() > 0 && sourceEnds()) {
            bad = batch.length - validator.pending();
            invalid = "(0x%02X) begins a character that the source does not end";
        } else if (bad >= 0) {
            invalid = batch.bytes[bad] == 0 ? "is NUL, which no text has" : "(0x%02X) is not UTF-8";
        } else {
            return;
        }
        invalid = String.format(invalid, batch.bytes[bad]);
        batch.bytes[bad] = batch.bytes[bad] == 0 ? NO_MARK : batch.bytes[bad];
        batch.length = bad + 1;
        ended = true;
    }

    /** The problem of the record that begins at {@code from}. The last byte of the batch is the one that is no text. */
    private ProblemException invalid(RecordBatch batch, int from) {
        int field = batch.openFields();
        int cell = from;
        if (!inHeader && field > 0 && field <= columns.size()) {
            cell = batch.lastEnd();
            if (cell == batch.length) { // a field that is not quoted was added as far as it goes
                field--;
                cell = batch.lastStart();
            } else {
                while (batch.bytes[cell] != dialect.delimiter()) {
                    cell++; // over a closing quote
                }
                cell++;
            }
        }
        long offset = carryOffset + batch.length - 1;
        Position position = new Position(
                inHeader ? null : nextRow(),
                offset,
                inHeader || field >= columns.size() ? null : columns.get(field),
                RejectedRecord.shortened(batch.bytes, cell, batch.length));
        return new ProblemException(
                ErrorCode.TEXT_INVALID,
                "Byte " + offset + " " + invalid + ". Save the file as UTF-8 and send it again.",
                position);
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
            int end = scanner.scan(batch, recordStart, ended, sourceEnds(), fields);
            if (end < 0) {
                refuse(batch, recordStart, end);
                batch.dropOpenFields();
                return recordStart;
            }
            finish(batch, recordStart, end);
            recordStart = end;
        }
        return recordStart;
    }

    /** Throws if the record that begins at {@code from} can never end as it should; else its end is still to come. */
    private void refuse(RecordBatch batch, int from, int how) {
        if (how == RecordScanner.INCOMPLETE) {
            if (invalid != null) {
                throw invalid(batch, from);
            }
            return;
        }
        long quote = carryOffset + scanner.quoteAt();
        Position position = new Position(
                inHeader ? null : nextRow(),
                quote,
                null,
                RejectedRecord.shortened(batch.bytes, scanner.quoteAt(), batch.length));
        if (how == RecordScanner.UNCLOSED) {
            throw new ProblemException(
                    ErrorCode.QUOTE_UNTERMINATED, "The quote at byte " + quote + " is never closed.", position);
        }
        throw new ProblemException(
                ErrorCode.QUOTE_SPANS_RECORDS,
                "The quoted field at byte " + quote + " holds more than " + options.quoteLines()
                        + " lines that look like records. If its quote is a letter, say quote= (empty); if the field is"
                        + " right, raise quoteLines.",
                position);
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
        if (found == fields && !scanner.malformed()) {
            batch.record(row, dialect.quote());
            return;
        }
        String reason = scanner.malformed()
                ? RejectedRecord.TEXT_AFTER_QUOTE
                : found < fields ? RejectedRecord.TOO_FEW_FIELDS : RejectedRecord.TOO_MANY_FIELDS;
        batch.dropOpenFields();
        int textEnd = end;
        while (textEnd > from && isLineEnd(batch.bytes[textEnd - 1])) {
            textEnd--;
        }
        if (inHeader) {
            throw new ProblemException(ErrorCode.HEADER_INVALID, "The first record has text behind a closing quote.");
        }
        int hidden = RecordLines.behindFirst(marks, dialect, batch.bytes, from, textEnd, true, fields)
                .records();
        batch.rejects().add(RejectedRecord.of(row, null, batch.bytes, from, textEnd, reason, hidden));
    }

    private static boolean isLineEnd(byte c) {
        return c == '\n' || c == '\r';
    }
}
