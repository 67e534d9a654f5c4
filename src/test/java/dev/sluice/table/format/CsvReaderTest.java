package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CsvReaderTest {
    private static final int MAX_RECORD = 4 * 1024 * 1024;
    private static final Dialect COMMA = new Dialect((byte) ',', (byte) '"');

    /** Everything read from a source: records, and what was kept out. */
    private record Result(
            List<String> header, List<List<String>> records, List<Long> rows, List<RejectedRecord> rejects) {}

    /** Hands out at most so many bytes at a time. */
    private static final class Trickle extends InputStream {
        private final InputStream in;
        private final int most;

        Trickle(byte[] bytes, int most) {
            this.in = new ByteArrayInputStream(bytes);
            this.most = most;
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] b, int off, int len) throws IOException {
            return in.read(b, off, Math.min(len, most));
        }
    }

    private static Result read(String text) {
        return read(text.getBytes(UTF_8), COMMA, Integer.MAX_VALUE);
    }

    private static Result read(byte[] bytes, Dialect dialect, int chunk) {
        try {
            List<RejectedRecord> rejects = new ArrayList<>();
            List<List<String>> records = new ArrayList<>();
            List<Long> rows = new ArrayList<>();
            CsvReader reader = CsvReader.open(new Trickle(bytes, chunk), dialect, MAX_RECORD);
            RecordBatch batch = new RecordBatch();
            while (reader.read(batch)) {
                rejects.addAll(batch.rejects());
                for (int r = 0; r < batch.size(); r++) {
                    List<String> record = new ArrayList<>();
                    for (int f = 0; f < reader.header().size(); f++) {
                        int start = batch.start(r, f);
                        record.add(new String(batch.bytes(), start, batch.end(r, f) - start, UTF_8));
                    }
                    records.add(record);
                    rows.add(batch.row(r));
                }
            }
            return new Result(reader.header(), records, rows, rejects);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyKindOfLineEndEndsARecordAndTheLastMayLack() {
        Result result = read("a,b\r\n1,2\n3,4\r5,6");

        assertThat(result.header()).containsExactly("a", "b");
        assertThat(result.records()).containsExactly(List.of("1", "2"), List.of("3", "4"), List.of("5", "6"));
    }

    @Test
    void quotedFieldsHoldDelimitersQuotesAndLineEnds() {
        Result result = read("a,b\n\"x,\"\"y\"\"\",\"1\r\n2\"\n");

        assertThat(result.records()).containsExactly(List.of("x,\"y\"", "1\r\n2"));
    }

    @Test
    void quoteInsideAnUnquotedFieldIsText() {
        assertThat(read("a,b\n5\" pipe,x\"y\"\n").records()).containsExactly(List.of("5\" pipe", "x\"y\""));
    }

    @Test
    void byteOrderMarkIsNoPartOfTheFirstLabel() {
        assertThat(read("\uFEFFa,b\n1,2\n").header()).containsExactly("a", "b");
    }

    @Test
    void recordsOfTheWrongLengthAreKeptOutWithTheirTextAndTheOthersKeepTheirNumbers() {
        Result result = read("a,b\n1,2\n3\n4,\"5\",6\n7,8\n");

        assertThat(result.rows()).containsExactly(1L, 4L);
        assertThat(result.rejects())
                .containsExactly(
                        new RejectedRecord(2, null, "3", "too_few_fields"),
                        new RejectedRecord(3, null, "4,\"5\",6", "too_many_fields"));
    }

    @Test
    void textBehindAClosingQuoteIsKeptOut() {
        assertThat(read("a,b\n\"1\"x,2\n3,4\n").rejects())
                .containsExactly(new RejectedRecord(1, null, "\"1\"x,2", "text_after_quote"));
    }

    @Test
    void emptyLinesAreNoRecordsUnlessThereIsASingleColumn() {
        assertThat(read("\na,b\n\n1,2\n\n").records()).containsExactly(List.of("1", "2"));
        assertThat(read("a\n1\n\n2\n").records()).containsExactly(List.of("1"), List.of(""), List.of("2"));
    }

    @Test
    void quotedAndUnquotedEmptyFieldsAreToldApart() throws IOException {
        CsvReader reader = CsvReader.open(new ByteArrayInputStream("a,b\n\"\",\n".getBytes(UTF_8)), COMMA, MAX_RECORD);
        RecordBatch batch = new RecordBatch();
        reader.read(batch);

        assertThat(batch.quoted(0, 0)).isTrue();
        assertThat(batch.quoted(0, 1)).isFalse();
    }

    @Test
    void headerAloneIsATableWithoutRows() {
        assertThat(read("a,b").records()).isEmpty();
    }

    @Test
    void nothingIsBodyEmpty() {
        assertCode("", ErrorCode.BODY_EMPTY);
        assertCode("\n\r\n\n", ErrorCode.BODY_EMPTY);
    }

    @Test
    void quoteThatIsNeverClosedIsAnErrorAtItsPlace() {
        assertThatThrownBy(() -> read("a,b\n1,2\n3,\"4\n5,6\n")).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.QUOTE_UNTERMINATED);
            assertThat(e.position()).isEqualTo(new ProblemException.Position(2L, 10L));
        });
    }

    @Test
    void recordLongerThanTheLimitIsAnError() {
        String endless = "a,b\n1,\"" + "x".repeat(MAX_RECORD);
        assertCode(endless, ErrorCode.RECORD_TOO_LONG);
    }

    @Test
    void cellOfThreeMegabytesPasses() {
        String cell = "x".repeat(3_000_000);
        assertThat(read("a,b\n1," + cell + "\n2,y\n").records()).containsExactly(List.of("1", cell), List.of("2", "y"));
    }

    @Test
    void narrowCellsNeedNoLargerBuffersThanWideOnes() throws IOException {
        for (String text : List.of("x\n" + "\n".repeat(5_000_000), "a,b,c,d\n" + ",,,\n".repeat(1_000_000))) {
            CsvReader reader = CsvReader.open(new ByteArrayInputStream(text.getBytes(UTF_8)), COMMA, MAX_RECORD);
            RecordBatch batch = new RecordBatch();
            long records = 0;
            while (reader.read(batch)) {
                records += batch.size();
                assertThat(batch.bytes().length).isLessThanOrEqualTo(2 * RecordBatch.CAPACITY);
            }
            assertThat(records).isEqualTo(text.charAt(0) == 'x' ? 5_000_000 : 1_000_000);
        }
    }

    @Test
    void brokenUtf8IsAnErrorWithByteAndRowAtEveryChunkSize() {
        byte[] bytes = "a,b\n1,2\n3,é\n5,6\n".getBytes(UTF_8);
        bytes[11] = 'x'; // the second byte of é
        for (int chunk = 1; chunk <= bytes.length; chunk++) {
            int size = chunk;
            assertThatThrownBy(() -> read(bytes, COMMA, size)).isInstanceOfSatisfying(ProblemException.class, e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.TEXT_INVALID);
                assertThat(e.position().byteOffset()).isEqualTo(11);
                assertThat(e.position().row()).isIn(null, 2L); // not known while the header is being read
            });
        }
    }

    @Test
    void rowOfABrokenByteIsKnownBehindTheFirstBatch() {
        String good = "a,b\n" + "1,2\n".repeat(100_000);
        byte[] bytes = (good + "3,\u0000\n").getBytes(UTF_8);

        assertThatThrownBy(() -> read(bytes, COMMA, Integer.MAX_VALUE))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TEXT_INVALID);
                    assertThat(e.position().byteOffset()).isEqualTo(good.length() + 2);
                    assertThat(e.position().row()).isEqualTo(100_001);
                });
    }

    private static void assertCode(String text, ErrorCode code) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Property(tries = 500)
    void agreesWithASecondReaderAtEverySplit(@ForAll("texts") String text) {
        byte[] bytes = text.getBytes(UTF_8);
        List<List<String>> expected = secondReader(text);
        for (int chunk : new int[] {1, 2, 3, 5, 7, bytes.length + 1}) {
            Result result = read(bytes, COMMA, chunk);
            assertThat(result.records()).isEqualTo(expected.subList(1, expected.size()));
            assertThat(result.rejects()).isEmpty();
        }
    }

    @Property(tries = 300)
    void raggedRecordsAreExactlyThoseASecondReaderFindsRagged(@ForAll("raggedTexts") String text) {
        List<List<String>> all = secondReader(text);
        int width = all.getFirst().size();
        List<List<String>> even =
                all.stream().skip(1).filter(r -> r.size() == width).toList();

        Result result = read(text);

        assertThat(result.records()).isEqualTo(even);
        assertThat(result.rejects()).hasSize(all.size() - 1 - even.size());
    }

    private static List<List<String>> secondReader(String text) {
        return de.siegmar.fastcsv.reader.CsvReader.builder()
                .commentStrategy(CommentStrategy.NONE)
                .skipEmptyLines(true)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(text)
                .stream()
                .map(CsvRecord::getFields)
                .toList();
    }

    @Provide
    Arbitrary<String> texts() {
        return record(3).list().ofMinSize(1).ofMaxSize(12).map(records -> String.join("", records));
    }

    @Provide
    Arbitrary<String> raggedTexts() {
        Arbitrary<String> any = Arbitraries.integers().between(2, 4).flatMap(CsvReaderTest::record);
        return record(3).flatMap(header -> any.list().ofMaxSize(12).map(records -> header + String.join("", records)));
    }

    private static Arbitrary<String> record(int fields) {
        Arbitrary<String> text =
                Arbitraries.strings().withChars("ab,\"\r\n é東\t ").ofMaxLength(6);
        Arbitrary<String> quoted = text.map(t -> '"' + t.replace("\"", "\"\"") + '"');
        Arbitrary<String> plain =
                Arbitraries.strings().withChars("ab é東\t ").ofMinLength(1).ofMaxLength(6);
        Arbitrary<String> end = Arbitraries.of("\n", "\r\n", "\r");
        return Arbitraries.oneOf(quoted, plain)
                .list()
                .ofSize(fields)
                .flatMap(f -> end.map(e -> String.join(",", f) + e));
    }
}
