package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records as slices of one buffer: fields without their quotes, doubled quotes undone. Recycled by whoever reads the
 * source; what it holds is good until it is read into again.
 */
public final class RecordBatch {
    /** The bytes a batch holds, unless a single record needs more. */
    public static final int CAPACITY = 256 * 1024;

    /** The most fields of a record, and so columns of a table: PostgreSQL's 1,600, less {@code _row}. */
    public static final int MAX_FIELDS = 1599;

    /** A batch that has so many fields takes no further record, so that narrow cells need no more memory than wide ones. */
    private static final int ENOUGH_FIELDS = 48 * 1024;

    /** Nor does one that has kept out so many records: each takes more memory than it may have bytes. */
    private static final int ENOUGH_REJECTS = 8 * 1024;

    /** A batch that holds more has grown for a long record, and is not kept so. */
    private static final int MOST_KEPT = 4 * CAPACITY;

    private static final byte QUOTED = 1;
    private static final byte ESCAPED = 2;

    byte[] bytes;
    int length;

    private int[] starts = new int[4096];
    private int[] ends = new int[4096];
    private byte[] flags = new byte[4096];
    private int fieldCount;
    private int openFields;
    private int fieldsPerRecord;
    private long[] rows = new long[512];
    private int recordCount;
    private final List<RejectedRecord> rejects = new ArrayList<>();

    public RecordBatch() {
        this(CAPACITY);
    }

    RecordBatch(int capacity) {
        bytes = new byte[capacity + Marks.PADDING];
    }

    /** Records in this batch. */
    public int size() {
        return recordCount;
    }

    /** The records that were kept out while this batch was read. */
    public List<RejectedRecord> rejects() {
        return rejects;
    }

    /** The 1-based number of record {@code r} in the source. */
    public long row(int r) {
        return rows[r];
    }

    public byte[] bytes() {
        return bytes;
    }

    /** Where field {@code f} of record {@code r} begins in {@link #bytes}. */
    public int start(int r, int f) {
        return starts[r * fieldsPerRecord + f];
    }

    public int end(int r, int f) {
        return ends[r * fieldsPerRecord + f];
    }

    public boolean quoted(int r, int f) {
        return (flags[r * fieldsPerRecord + f] & QUOTED) != 0;
    }

    /**
     * Record {@code r} as kept out after all. Its text is that of its fields, joined by tabs: the source's own quotes are
     * undone by now.
     */
    public RejectedRecord rejected(int r, String reason) {
        StringBuilder text = new StringBuilder();
        for (int f = 0; f < fieldsPerRecord && text.length() < RejectedRecord.MAX_RAW; f++) {
            text.append(f == 0 ? "" : "\t").append(new String(bytes, start(r, f), end(r, f) - start(r, f), UTF_8));
        }
        return RejectedRecord.of(row(r), text.toString(), reason);
    }

    /** Field {@code f} of record {@code r} as kept out: it does not fit its column, the record does. */
    public RejectedRecord rejected(int r, int f, String column, String reason) {
        return RejectedRecord.of(row(r), column, bytes, start(r, f), end(r, f), reason, 0);
    }

    /** Forgets all records and leaves a buffer of at least {@code atLeast} bytes, no larger than need be. */
    void reset(int atLeast) {
        forgetRecords();
        length = 0;
        int capacity = Math.max(CAPACITY, atLeast);
        if (room() < atLeast || room() > MOST_KEPT / CAPACITY * capacity) {
            bytes = new byte[capacity + Marks.PADDING];
        }
    }

    void forgetRecords() {
        rejects.clear();
        recordCount = 0;
        fieldCount = 0;
        openFields = 0;
    }

    /** The bytes it has room for. */
    int room() {
        return bytes.length - Marks.PADDING;
    }

    /** Whether it has grown so much that there should be no other such. */
    boolean hasGrown() {
        return room() > MOST_KEPT;
    }

    void grow(int capacity) {
        bytes = Arrays.copyOf(bytes, capacity + Marks.PADDING);
    }

    /** Adds a field to the open record; of those beyond {@link #MAX_FIELDS} only their number is kept. */
    void field(int start, int end, boolean quoted) {
        if (++openFields > MAX_FIELDS) {
            return;
        }
        if (fieldCount == starts.length) {
            starts = Arrays.copyOf(starts, fieldCount * 2);
            ends = Arrays.copyOf(ends, fieldCount * 2);
            flags = Arrays.copyOf(flags, fieldCount * 2);
        }
        starts[fieldCount] = start;
        ends[fieldCount] = end;
        flags[fieldCount] = quoted ? QUOTED : 0;
        fieldCount++;
    }

    /** Says of the last field that it has doubled quotes. */
    void escaped() {
        if (openFields <= MAX_FIELDS) {
            flags[fieldCount - 1] |= ESCAPED;
        }
    }

    boolean full() {
        return fieldCount >= ENOUGH_FIELDS || rejects.size() >= ENOUGH_REJECTS;
    }

    /** Fields since the last complete record. */
    int openFields() {
        return openFields;
    }

    /** Where the last field begins that was added. */
    int lastStart() {
        return starts[fieldCount - 1];
    }

    /** Where the last field ends that was added. */
    int lastEnd() {
        return ends[fieldCount - 1];
    }

    void dropOpenFields() {
        fieldCount = recordCount * fieldsPerRecord;
        openFields = 0;
    }

    /** Makes the open fields a record, and undoes their doubled quotes. */
    void record(long row, byte quote) {
        if (recordCount == 0) {
            fieldsPerRecord = fieldCount;
        }
        for (int f = recordCount * fieldsPerRecord; f < fieldCount; f++) {
            if ((flags[f] & ESCAPED) != 0) {
                ends[f] = unescape(starts[f], ends[f], quote);
            }
        }
        if (recordCount == rows.length) {
            rows = Arrays.copyOf(rows, recordCount * 2);
        }
        rows[recordCount++] = row;
        openFields = 0;
    }

    private int unescape(int from, int to, byte quote) {
        int out = from;
        for (int i = from; i < to; i++) {
            bytes[out++] = bytes[i];
            if (bytes[i] == quote) {
                i++;
            }
        }
        return out;
    }
}
