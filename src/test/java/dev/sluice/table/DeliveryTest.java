package dev.sluice.table;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.table.format.CsvOptions;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.ReadAhead;
import dev.sluice.table.format.RecordBatch;
import dev.sluice.table.format.RejectedRecord;
import dev.sluice.table.profile.ColumnProfile;
import dev.sluice.table.type.TypeOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches a table does not depend on how its source arrives. */
class DeliveryTest {
    private static final List<Function<Random, String>> KINDS = List.of(
            r -> Long.toString(r.nextLong() >> r.nextInt(64)),
            r -> r.nextInt(100) + "." + r.nextInt(10),
            r -> (1 + r.nextInt(9)) + "e" + (5 + r.nextInt(20)),
            r -> r.nextBoolean() ? "yes" : "no",
            r -> String.format("%02d/%02d/2024", 1 + r.nextInt(28), 1 + r.nextInt(12)),
            r -> String.format("2024-01-%02dT00:00:00.%03d+02:00", 1 + r.nextInt(28), r.nextInt(1000)),
            r -> new UUID(r.nextLong(), r.nextLong()).toString(),
            r -> List.of("x", "é東💧", "\"a,\"\"b\"\"\"", "\"\r\n\"", "\"\"").get(r.nextInt(5)));

    /** All that a table was told, in its order. */
    private static final class Transcript implements TableTarget {
        private final ByteArrayOutputStream copied = new ByteArrayOutputStream();
        private final List<String> calls = new ArrayList<>();

        private void call(String what) {
            calls.add(copied.size() + " " + what);
        }

        @Override
        public void beginCopy() {
            call("begin");
        }

        @Override
        public void copy(byte[] bytes, int length) {
            copied.write(bytes, 0, length);
        }

        @Override
        public void endCopy() {
            call("end");
        }

        @Override
        public void widen(List<Widening> widenings) {
            widenings.forEach(w -> call(w.sql()));
        }

        @Override
        public InputStream sourceCells(List<TableColumn> columns) {
            call("read " + columns.stream().map(TableColumn::name).toList());
            return new ByteArrayInputStream("none\n".getBytes(UTF_8));
        }
    }

    /** What came of a source: in the table, and in the catalog. */
    private record Loaded(
            ByteBuffer copied, List<String> calls, List<RejectedRecord> rejects, List<List<Object>> columns) {

        static Loaded of(InputStream in) throws IOException {
            Transcript table = new Transcript();
            List<RejectedRecord> rejects = new ArrayList<>();
            CsvReader reader = CsvReader.open(in, null, CsvOptions.unknown(1 << 20));
            Sample sample = Sample.take(reader, TypeOptions.none());
            TableWriter writer = new TableWriter(sample.columns(), table, rejects::add);
            while (!sample.batches().isEmpty()) {
                writer.write(sample.batches().removeFirst());
            }
            try (ReadAhead ahead = new ReadAhead(reader)) {
                for (RecordBatch batch; (batch = ahead.next()) != null; ) {
                    writer.write(batch);
                }
            }
            writer.finish();
            return new Loaded(
                    ByteBuffer.wrap(table.copied.toByteArray()),
                    table.calls,
                    rejects,
                    IntStream.range(0, sample.columns().size())
                            .mapToObj(c -> catalog(
                                    sample.columns().get(c), writer.profiles().get(c)))
                            .toList());
        }

        private static List<Object> catalog(TableColumn c, ColumnProfile profile) {
            return List.of(
                    c.name(),
                    c.typer().type(),
                    String.valueOf(c.typer().nullToken()),
                    c.typer().ruledOut(),
                    profile.nulls(),
                    String.valueOf(profile.min()),
                    String.valueOf(profile.max()));
        }
    }

    /** A table of random columns, each of which gets a cell of another kind at another row behind the sample. */
    private static byte[] source(Random random) {
        int columns = 2 + random.nextInt(8);
        List<Function<Random, String>> kinds = new ArrayList<>();
        kinds.add(KINDS.getFirst());
        for (int c = 1; c < columns; c++) {
            kinds.add(KINDS.get(random.nextInt(KINDS.size())));
        }
        StringBuilder text = new StringBuilder();
        text.append(IntStream.range(0, columns).mapToObj(c -> "c" + c).collect(Collectors.joining(",")))
                .append("\r\n");
        while (text.length() < Sample.BYTES + RecordBatch.CAPACITY / 2) {
            row(text, kinds, random);
        }
        for (int c = 0; c < columns; c++) {
            List<Function<Random, String>> late = new ArrayList<>(kinds);
            late.set(c, DeliveryTest::anyCell);
            row(text, late, random);
            for (int more = random.nextInt(2000); more > 0; more--) {
                row(text, kinds, random);
            }
        }
        return text.toString().getBytes(UTF_8);
    }

    private static String anyCell(Random random) {
        return KINDS.get(random.nextInt(KINDS.size())).apply(random);
    }

    private static void row(StringBuilder text, List<Function<Random, String>> kinds, Random random) {
        int fields = random.nextInt(5000) == 0 ? kinds.size() - 1 : kinds.size();
        text.append(kinds.stream()
                        .limit(fields)
                        .map(kind -> random.nextInt(20) == 0 ? "" : kind.apply(random))
                        .collect(Collectors.joining(",")))
                .append(random.nextBoolean() ? "\n" : "\r\n");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void tableAndCatalogAreTheSameByteForByteHoweverTheSourceArrives(long seed) throws IOException {
        byte[] source = source(new Random(seed));
        Loaded expected = Loaded.of(Pieces.whole(source));
        assertThat(expected.calls).as("some column is widened").anyMatch(call -> call.contains("ALTER COLUMN"));

        for (int size = 1; size <= 64; size++) {
            assertSame(Loaded.of(Pieces.ofSize(source, size)), expected);
        }
        for (int most : new int[] {10, 1000, 100_000, 1_000_000}) {
            assertSame(Loaded.of(Pieces.ofRandomSizes(source, most, new Random(most))), expected);
        }
    }

    private static void assertSame(Loaded found, Loaded expected) {
        assertThat(found.calls).isEqualTo(expected.calls);
        assertThat(found.copied).isEqualTo(expected.copied);
        assertThat(found.rejects).isEqualTo(expected.rejects);
        assertThat(found.columns).isEqualTo(expected.columns);
    }
}
