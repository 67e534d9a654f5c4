package dev.sluice.table;

import dev.sluice.table.copy.CopyBuffer;
import dev.sluice.table.copy.RowWidth;
import dev.sluice.table.format.CsvOptions;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.Dialect;
import dev.sluice.table.format.RecordBatch;
import dev.sluice.table.format.RejectedRecord;
import dev.sluice.table.profile.ColumnProfile;
import dev.sluice.table.profile.Tally;
import dev.sluice.table.type.ColumnType;
import dev.sluice.table.type.ColumnVector;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Writes batches of records to a table as typed rows, and takes the profile of every column while it does. Where a cell
 * does not fit its column's type, the rest of the batch is looked at, all columns that must are widened at once, and the
 * load goes on. Owned by one thread.
 */
public final class TableWriter {
    private static final int FLUSH_AT = 64 * 1024;

    /** Widening rewrites at most so many times the bytes copied; then, once more, what might still widen becomes text. */
    private static final int MAX_REWRITTEN = 2;

    /** Bytes that may be rewritten whatever was copied: a small table costs little. */
    private static final long ALWAYS_REWRITTEN = 64 * 1024 * 1024;

    private final List<TableColumn> columns;
    private final ColumnVector[] vectors;
    private final TableTarget target;
    private final Consumer<RejectedRecord> rejects;
    private final CopyBuffer out = new CopyBuffer(2 * FLUSH_AT);
    private final boolean mayBeTooWide;
    private final byte[] alignments;
    private final int[] pinned;
    private final ColumnProfile[] profiles; // null where values so far were of another type
    private final Tally tally = new Tally();
    private long rows;
    private long copied;
    private long rewritten;
    private int widest;

    /** A writer to a table that has the columns' current types and {@code _row}, and no rows. */
    public TableWriter(List<TableColumn> columns, TableTarget target, Consumer<RejectedRecord> rejects)
            throws IOException {
        this(columns, target, rejects, new ColumnProfile[columns.size()]);
        Arrays.setAll(profiles, c -> new ColumnProfile(columns.size()));
    }

    private TableWriter(
            List<TableColumn> columns, TableTarget target, Consumer<RejectedRecord> rejects, ColumnProfile[] profiles)
            throws IOException {
        this.columns = columns;
        this.vectors = new ColumnVector[columns.size()];
        Arrays.setAll(vectors, ColumnVector::new);
        this.pinned = IntStream.range(0, vectors.length)
                .filter(c -> columns.get(c).typer().isPinned())
                .toArray();
        this.profiles = profiles;
        this.target = target;
        this.rejects = rejects;
        this.mayBeTooWide = columns.size() >= RowWidth.ALWAYS_FITS;
        this.alignments = new byte[columns.size() + 1];
        begin();
    }

    /**
     * A writer to no table, which takes no profiles: what it leaves are the types of the columns and the rejects. Not to be
     * finished.
     */
    static TableWriter toNoTable(List<TableColumn> columns, Consumer<RejectedRecord> rejects) throws IOException {
        return new TableWriter(columns, new NoTable(), rejects, new ColumnProfile[columns.size()]);
    }

    private void begin() throws IOException {
        alignments[0] = Long.BYTES;
        for (int c = 0; c < columns.size(); c++) {
            alignments[c + 1] = (byte) columns.get(c).typer().alignment();
        }
        target.beginCopy();
        out.clear();
        out.header();
    }

    private void end() throws IOException {
        out.trailer();
        flush();
        target.endCopy();
    }

    private void flush() throws IOException {
        copied += out.length();
        target.copy(out.bytes(), out.length());
        out.clear();
    }

    public void write(RecordBatch batch) throws IOException {
        batch.rejects().forEach(rejects);
        int r = writeFrom(batch, 0);
        while (r < batch.size()) {
            widen(batch, r);
            int next = writeFrom(batch, r);
            if (next == r) {
                throw new IllegalStateException("record " + batch.row(r) + " fits no type");
            }
            r = next;
        }
    }

    /** The first record that some column does not accept, or the batch's size. */
    private int writeFrom(RecordBatch batch, int from) throws IOException {
        int to = batch.size();
        for (int c = 0; c < vectors.length; c++) {
            to = columns.get(c).typer().accept(batch, c, from, to, vectors[c]);
        }
        for (int r = from; r < to; r++) {
            writeRow(batch, r);
        }
        for (int c = 0; c < vectors.length; c++) {
            if (profiles[c] != null) {
                profiles[c].add(vectors[c], from, to, tally);
            }
        }
        return to;
    }

    private void writeRow(RecordBatch batch, int r) throws IOException {
        int begin = out.length();
        out.beginRow(vectors.length + 1);
        out.int8(batch.row(r));
        for (ColumnVector vector : vectors) {
            vector.write(r, out);
        }
        if (mayBeTooWide && RowWidth.of(out, begin, alignments) > RowWidth.MAX) {
            out.truncate(begin);
            for (ColumnVector vector : vectors) {
                vector.keepOut(r);
            }
            rejects.accept(batch.rejected(r, RejectedRecord.ROW_TOO_WIDE));
            return;
        }
        for (int c : pinned) {
            if (vectors[c].isMisfit(r)) {
                rejects.accept(batch.rejected(r, c, columns.get(c).name(), RejectedRecord.NOT_OF_TYPE));
            }
        }
        rows++;
        widest = Math.max(widest, out.length() - begin);
        if (out.length() >= FLUSH_AT) {
            flush();
        }
    }

    private void widen(RecordBatch batch, int from) throws IOException {
        end();
        List<ColumnType> before = columns.stream().map(c -> c.typer().type()).toList();
        List<String> nullTexts =
                columns.stream().map(c -> c.typer().nullToken()).toList();
        Sample.observe(columns, batch, from);
        if (rewritten + copied > MAX_REWRITTEN * copied + ALWAYS_REWRITTEN) {
            columns.forEach(c -> c.typer().settle(batch.row(from)));
        }
        List<Widening> widenings = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            TableColumn column = columns.get(c);
            ColumnType now = column.typer().type();
            if (!now.sqlType().equals(before.get(c).sqlType())) {
                widenings.add(new Widening(column.sqlName(), before.get(c), nullTexts.get(c), now));
                if (nullTexts.get(c) != null || profiles[c] == null || profiles[c].count() > 0) {
                    profiles[c] = null; // else all cells were empty, and still are
                }
            }
        }
        if (!widenings.isEmpty()) {
            rewritten += copied;
            target.widen(widenings);
        }
        begin();
    }

    /** Sends what is left, and completes the profiles. The writer is done after that. */
    public void finish() throws IOException {
        end();
        List<Integer> missing = IntStream.range(0, profiles.length)
                .filter(c -> profiles[c] == null)
                .boxed()
                .toList();
        if (!missing.isEmpty()) {
            profileStored(missing);
        }
    }

    /** Takes the profiles of columns that were widened from the table: of the cells before, too little is known. */
    private void profileStored(List<Integer> positions) throws IOException {
        List<ColumnVector> cells = new ArrayList<>();
        for (int c : positions) {
            profiles[c] = new ColumnProfile(profiles.length);
            cells.add(new ColumnVector(cells.size()));
        }
        RecordBatch batch = new RecordBatch();
        try (InputStream stored =
                target.sourceCells(positions.stream().map(columns::get).toList())) {
            CsvReader reader = CsvReader.open(stored, null, CsvOptions.of(Dialect.RFC_4180, Integer.MAX_VALUE));
            while (reader.read(batch)) {
                for (int i = 0; i < cells.size(); i++) {
                    int c = positions.get(i);
                    columns.get(c).typer().readStored(batch, i, cells.get(i));
                    profiles[c].add(cells.get(i), 0, batch.size(), tally);
                }
            }
        }
    }

    /** The profiles of the columns, in their order; to be asked for in the end. */
    public List<ColumnProfile> profiles() {
        return List.of(profiles);
    }

    /** Rows written. */
    public long rows() {
        return rows;
    }

    /** Bytes of the widest row written. */
    public int widest() {
        return widest;
    }
}
