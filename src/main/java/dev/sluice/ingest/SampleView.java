package dev.sluice.ingest;

import dev.sluice.dataset.DatasetView.DialectView;
import dev.sluice.dataset.SourceFormat;
import dev.sluice.table.Preview;
import dev.sluice.table.TableColumn;
import dev.sluice.table.format.RejectedRecord;
import dev.sluice.table.type.ColumnTyper;
import dev.sluice.table.type.RuledOut;
import java.util.List;

/** What a load would make of a sample, as the API shows it: a version's view has the same words for the same things. */
record SampleView(
        String format,
        String encoding,
        DialectView dialect,
        List<ColumnView> columns,
        List<List<String>> rows,
        List<RejectedRecord> rejects) {

    record ColumnView(
            String name, String label, String type, String format, String nullToken, List<RuledOut> ruledOut) {
        static ColumnView of(TableColumn column) {
            ColumnTyper typer = column.typer();
            return new ColumnView(
                    column.name(),
                    column.label(),
                    typer.type().name(),
                    typer.type().format(),
                    typer.nullToken(),
                    typer.ruledOut());
        }
    }

    static SampleView of(Preview preview) {
        SourceFormat format = SourceFormat.of(preview.dialect());
        return new SampleView(
                format.format(),
                format.encoding(),
                DialectView.of(format),
                preview.columns().stream().map(ColumnView::of).toList(),
                preview.rows(),
                preview.rejects());
    }
}
