package dev.sluice.table;

import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.Dialect;
import dev.sluice.table.format.RecordBatch;
import dev.sluice.table.format.RejectedRecord;
import dev.sluice.table.type.Excerpt;
import dev.sluice.table.type.TypeOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a load would make of a source, found as a load finds it, and the beginning of what it would write. It is all read;
 * the memory that this takes at once is that of a {@link Sample}.
 *
 * @param columns with the types that they come to
 * @param rows the first {@link #ROWS} of the sample: the texts of the source, each an {@link Excerpt}, {@code null} for NULL
 * @param rejects the {@link #REJECTS} of the first rows
 * @param fitting records that fit, of the whole source
 * @param keptOut records that do not, and those that they hide
 * @param firstKeptOut the first of those; {@code null} if there is none
 */
public record Preview(
        Dialect dialect,
        List<TableColumn> columns,
        List<List<String>> rows,
        List<RejectedRecord> rejects,
        long fitting,
        long keptOut,
        RejectedRecord firstKeptOut) {
    public static final int ROWS = 20;
    public static final int REJECTS = 20;

    /**
     * Reads a source to its end.
     *
     * @throws ProblemException what {@link Sample#take} and {@link CsvReader#read} throw
     */
    public static Preview of(CsvReader reader, TypeOptions types) throws IOException {
        Sample sample = Sample.take(reader, types);
        Rejects rejects = new Rejects();
        TableWriter writer = TableWriter.toNoTable(sample.columns(), rejects);
        for (RecordBatch batch : sample.batches()) {
            writer.write(batch);
        }
        for (RecordBatch batch = new RecordBatch(); reader.read(batch); ) {
            writer.write(batch);
        }
        return new Preview(
                reader.dialect(),
                sample.columns(),
                rows(sample, rejects.tooWide),
                rejects.inOrder(),
                writer.rows(),
                rejects.keptOut,
                rejects.firstKeptOut);
    }

    private static List<List<String>> rows(Sample sample, Set<Long> keptOut) {
        List<List<String>> rows = new ArrayList<>();
        for (RecordBatch batch : sample.batches()) {
            for (int r = 0; r < batch.size() && rows.size() < ROWS; r++) {
                if (!keptOut.contains(batch.row(r))) {
                    rows.add(row(sample.columns(), batch, r));
                }
            }
        }
        return rows;
    }

    private static List<String> row(List<TableColumn> columns, RecordBatch batch, int r) {
        List<String> cells = new ArrayList<>(columns.size());
        for (int c = 0; c < columns.size(); c++) {
            int start = batch.start(r, c);
            boolean isNull = columns.get(c).typer().isNull(batch, r, c);
            cells.add(isNull ? null : Excerpt.of(batch.bytes(), start, batch.end(r, c) - start));
        }
        return cells;
    }

    /** The rejects of the first rows, which need not come first. */
    private static final class Rejects implements Consumer<RejectedRecord> {
        private final Comparator<RejectedRecord> order = Comparator.comparingLong(RejectedRecord::row)
                .thenComparing(RejectedRecord::column, Comparator.nullsFirst(Comparator.naturalOrder()));

        private final PriorityQueue<RejectedRecord> first = new PriorityQueue<>(order.reversed());

        /** The records that a batch still has; few, as they are long. */
        private final Set<Long> tooWide = new HashSet<>();

        private long keptOut;
        private RejectedRecord firstKeptOut;

        @Override
        public void accept(RejectedRecord rejected) {
            if (rejected.reason().equals(RejectedRecord.ROW_TOO_WIDE)) {
                tooWide.add(rejected.row());
            }
            keptOut += rejected.records();
            if (firstKeptOut == null && rejected.records() > 0) {
                firstKeptOut = rejected;
            }
            first.add(rejected);
            if (first.size() > REJECTS) {
                first.remove();
            }
        }

        private List<RejectedRecord> inOrder() {
            return first.stream().sorted(order).toList();
        }
    }
}
