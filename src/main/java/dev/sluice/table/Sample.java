package dev.sluice.table;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.ProblemException.Position;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.RecordBatch;
import dev.sluice.table.type.ColumnTyper;
import dev.sluice.table.type.Excerpt;
import dev.sluice.table.type.LabelLook;
import dev.sluice.table.type.TypeOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The first records of a source, from which the types of its columns are guessed. The batches are still to be written.
 *
 * @param reader has read them, and has the rest
 * @param batches to be written first, and forgotten one by one as they are
 */
public record Sample(CsvReader reader, List<TableColumn> columns, List<RecordBatch> batches) {
    /** How much of a source is looked at before its types are settled, in bytes. */
    public static final int BYTES = 2 * 1024 * 1024;

    /** Batches of narrow cells are small. */
    private static final int MAX_BATCHES = BYTES / RecordBatch.CAPACITY;

    /**
     * Reads the sample.
     *
     * @throws ProblemException {@code OPTION_INVALID} if the options name a column that there is not, or leave open what
     *     only they can say; {@code HEADER_UNCERTAIN} if nothing is said of the first record and it looks like data; and
     *     what {@link CsvReader#read} throws
     */
    public static Sample take(CsvReader reader, TypeOptions types) throws IOException {
        List<TableColumn> columns = columns(reader.header(), types);
        reader.nameColumns(columns.stream().map(TableColumn::name).toList());
        List<RecordBatch> batches = new ArrayList<>();
        int bytes = 0;
        while (bytes < BYTES && batches.size() < MAX_BATCHES) {
            RecordBatch batch = new RecordBatch();
            batches.add(batch);
            if (!reader.read(batch)) {
                break;
            }
            bytes += batch.bytes().length;
        }
        batches.forEach(batch -> observeAll(columns, batch, 0));
        columns.forEach(c -> c.typer().decide());
        if (reader.mayLackHeader()) {
            refuseCells(columns);
        }
        return new Sample(reader, columns, batches);
    }

    /** Refuses labels that could all be cells of their columns, of which at least one looks like them. */
    private static void refuseCells(List<TableColumn> columns) {
        List<LabelLook> looks = columns.stream()
                .map(c -> LabelLook.of(c.label(), c.typer().type()))
                .toList();
        int cell = looks.indexOf(LabelLook.CELL);
        if (cell < 0 || looks.contains(LabelLook.LABEL)) {
            return;
        }
        TableColumn column = columns.get(cell);
        throw new ProblemException(
                ErrorCode.HEADER_UNCERTAIN,
                "The first record looks like data: " + Excerpt.of(column.label())
                        + " could be a cell of its column, whose"
                        + " type is " + column.typer().type().name()
                        + ". Say header=false if it is data, or header=true if it is the header.",
                new Position(null, null, column.name(), Excerpt.of(column.label())));
    }

    private static List<TableColumn> columns(List<String> labels, TypeOptions types) {
        List<String> names = SqlNames.of(labels);
        List<TableColumn> columns = new ArrayList<>(labels.size());
        for (int c = 0; c < labels.size(); c++) {
            ColumnTyper typer = new ColumnTyper(types.pin(names.get(c), labels.get(c)), types);
            columns.add(new TableColumn(labels.get(c), names.get(c), typer));
        }
        for (String pinned : types.pins().keySet()) {
            if (!names.contains(pinned) && !labels.contains(pinned)) {
                throw new ProblemException(
                        ErrorCode.OPTION_INVALID, "Option 'types' names a column '" + pinned + "' that there is not.");
            }
        }
        return List.copyOf(columns);
    }

    /** Shows all records from {@code from} on to all columns, which settle on types for them. */
    static void observe(List<TableColumn> columns, RecordBatch batch, int from) {
        observeAll(columns, batch, from);
        columns.forEach(c -> c.typer().decide());
    }

    private static void observeAll(List<TableColumn> columns, RecordBatch batch, int from) {
        for (int c = 0; c < columns.size(); c++) {
            ColumnTyper typer = columns.get(c).typer();
            for (int r = from; r < batch.size(); r++) {
                int start = batch.start(r, c);
                typer.observe(batch.row(r), batch.bytes(), start, batch.end(r, c) - start, batch.quoted(r, c));
            }
        }
    }
}
