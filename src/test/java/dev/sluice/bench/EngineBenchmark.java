package dev.sluice.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.table.Sample;
import dev.sluice.table.TableColumn;
import dev.sluice.table.TableTarget;
import dev.sluice.table.TableWriter;
import dev.sluice.table.Widening;
import dev.sluice.table.format.CsvOptions;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.RecordBatch;
import dev.sluice.table.type.TypeOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds a cell takes on its way from CSV to binary COPY, by what it holds: cut alone, and with everything. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EngineBenchmark {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final int COLUMNS = 10;
    private static final int ROWS = 20_000;
    private static final int CELLS = COLUMNS * ROWS;

    /** What cells hold: few different values, or as good as all different. */
    public enum Cells {
        FEW_INTEGERS,
        INTEGERS,
        DECIMALS,
        DOUBLES,
        TIMESTAMPS,
        FEW_WORDS,
        WORDS,
        QUOTED;

        private String cell(Random r) {
            return switch (this) {
                case FEW_INTEGERS -> Integer.toString(r.nextInt(7));
                case INTEGERS -> Integer.toString(r.nextInt());
                case DECIMALS -> r.nextInt(100_000) + "." + (10 + r.nextInt(90));
                case DOUBLES -> Double.toString(r.nextDouble() * 1e-6);
                case TIMESTAMPS ->
                    SECONDS.format(LocalDateTime.of(2024, 1, 1, 0, 0).plusSeconds(r.nextInt(80_000_000)));
                case FEW_WORDS ->
                    List.of("cash", "card", "no charge", "dispute").get(r.nextInt(4));
                case WORDS -> "w" + Integer.toString(r.nextInt(), 36);
                case QUOTED -> "\"a, b and \"\"c\"\" " + r.nextInt(1000) + "\"";
            };
        }
    }

    /** Rows go nowhere. */
    private static final class Nowhere implements TableTarget {
        private long bytes;

        @Override
        public void beginCopy() {}

        @Override
        public void copy(byte[] copied, int length) {
            bytes += length;
        }

        @Override
        public void endCopy() {}

        @Override
        public void widen(List<Widening> widenings) {
            throw new IllegalStateException("types are those of the sample");
        }

        @Override
        public InputStream sourceCells(List<TableColumn> columns) {
            throw new IllegalStateException("nothing was widened");
        }
    }

    @Param
    public Cells cells;

    private byte[] source;

    @Setup
    public void generate() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int c = 0; c < COLUMNS; c++) {
            text.append(c == 0 ? "" : ",").append("c").append(c);
        }
        text.append('\n');
        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < COLUMNS; c++) {
                text.append(c == 0 ? "" : ",").append(cells.cell(random));
            }
            text.append('\n');
        }
        source = text.toString().getBytes(UTF_8);
    }

    private CsvReader reader() throws IOException {
        return CsvReader.open(new ByteArrayInputStream(source), null, CsvOptions.unknown(1 << 20));
    }

    /** Cut into records and validated. */
    @Benchmark
    @OperationsPerInvocation(CELLS)
    public long cut() throws IOException {
        CsvReader reader = reader();
        RecordBatch batch = new RecordBatch();
        long records = 0;
        while (reader.read(batch)) {
            records += batch.size();
        }
        return records;
    }

    /** Cut, typed, encoded and profiled. */
    @Benchmark
    @OperationsPerInvocation(CELLS)
    public long load() throws IOException {
        CsvReader reader = reader();
        Nowhere table = new Nowhere();
        Sample sample = Sample.take(reader, TypeOptions.none());
        TableWriter writer = new TableWriter(sample.columns(), table, rejected -> {});
        while (!sample.batches().isEmpty()) {
            writer.write(sample.batches().removeFirst());
        }
        RecordBatch batch = new RecordBatch();
        while (reader.read(batch)) {
            writer.write(batch);
        }
        writer.finish();
        return table.bytes;
    }
}
