package dev.sluice.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.table.format.CsvOptions;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.RecordBatch;
import dev.sluice.table.type.TypeOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TableWriterTest {
    private static final int COLUMNS = 60;
    private static final long FREE = 64L << 20;

    /** A table that knows only how large it is and how much of it was written again. */
    private static final class Sizes implements TableTarget {
        private long copied;
        private long rewritten;
        private int widenings;

        @Override
        public void beginCopy() {}

        @Override
        public void copy(byte[] bytes, int length) {
            copied += length;
        }

        @Override
        public void endCopy() {}

        @Override
        public void widen(List<Widening> columns) {
            rewritten += copied;
            widenings++;
            assertThat(rewritten).isLessThanOrEqualTo(3 * copied + FREE);
        }

        @Override
        public InputStream sourceCells(List<TableColumn> columns) {
            String header = columns.stream().map(TableColumn::name).collect(Collectors.joining(","));
            return new ByteArrayInputStream((header + "\n").getBytes(UTF_8));
        }
    }

    /** Every 4,000 rows another column turns out not to be of numbers. */
    private static String source() {
        StringBuilder text = new StringBuilder("c0");
        for (int c = 1; c < COLUMNS; c++) {
            text.append(",c").append(c);
        }
        text.append('\n');
        for (int row = 0; row < COLUMNS * 4000; row++) {
            for (int c = 0; c < COLUMNS; c++) {
                text.append(c == 0 ? "" : ",").append(row == 20_000 + c * 3500 ? "x" : "1");
            }
            text.append('\n');
        }
        return text.toString();
    }

    @Test
    void widenedAgainAndAgainATableIsRewrittenTwiceItsSizeAndOnceMoreAtTheMost() throws IOException {
        CsvReader reader =
                CsvReader.open(new ByteArrayInputStream(source().getBytes(UTF_8)), null, CsvOptions.unknown(1 << 20));
        Sample sample = Sample.take(reader, TypeOptions.none());
        Sizes table = new Sizes();
        TableWriter writer = new TableWriter(sample.columns(), table, rejected -> {});
        while (!sample.batches().isEmpty()) {
            writer.write(sample.batches().removeFirst());
        }
        RecordBatch batch = new RecordBatch();
        while (reader.read(batch)) {
            writer.write(batch);
        }
        writer.finish();

        assertThat(writer.rows()).isEqualTo(COLUMNS * 4000L);
        assertThat(table.widenings).isBetween(2, COLUMNS - 1);
        assertThat(sample.columns()).allMatch(c -> c.typer().type().name().equals("text"));
    }
}
