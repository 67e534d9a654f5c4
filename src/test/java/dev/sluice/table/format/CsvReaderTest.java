package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.Pieces;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvReaderTest {
    private static Reading read(String text) {
        return read(text.getBytes(UTF_8));
    }

    private static Reading read(byte[] bytes) {
        return Reading.of(new ByteArrayInputStream(bytes));
    }

    @Test
    void everyKindOfLineEndEndsARecordAndTheLastMayLack() {
        Reading result = read("a,b\r\n1,2\n3,4\r5,6");

        assertThat(result.header()).containsExactly("a", "b");
        assertThat(result.records()).containsExactly(List.of("1", "2"), List.of("3", "4"), List.of("5", "6"));
    }

    @Test
    void quotedFieldsHoldDelimitersQuotesAndLineEnds() {
        Reading result = read("a,b\n\"x,\"\"y\"\"\",\"1\r\n2\"\n");

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
        Reading result = read("a,b\n1,2\n3\n4,\"5\",6\n7,8\n");

        assertThat(result.rows()).containsExactly(1L, 4L);
        assertThat(result.rejects())
                .containsExactly(
                        new RejectedRecord(2, null, "3", "too_few_fields", 0),
                        new RejectedRecord(3, null, "4,\"5\",6", "too_many_fields", 0));
    }

    @Test
    void textBehindAClosingQuoteIsKeptOut() {
        assertThat(read("a,b\n\"1\"x,2\n3,4\n").rejects())
                .containsExactly(new RejectedRecord(1, null, "\"1\"x,2", "text_after_quote", 0));
    }

    @Test
    void emptyLinesAreNoRecordsUnlessThereIsASingleColumn() {
        assertThat(read("\na,b\n\n1,2\n\n").records()).containsExactly(List.of("1", "2"));
        assertThat(read("a\n1\n\n2\n").records()).containsExactly(List.of("1"), List.of(""), List.of("2"));
    }

    @Test
    void quotedAndUnquotedEmptyFieldsAreToldApart() throws IOException {
        CsvReader reader = CsvReader.open(
                new ByteArrayInputStream("a,b\n\"\",\n".getBytes(UTF_8)),
                null,
                CsvOptions.of(Reading.COMMA, Reading.MAX_RECORD));
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
            assertThat(e.position()).isEqualTo(new ProblemException.Position(2L, 10L, null, "\"4\n5,6\n"));
        });
    }

    @Test
    void recordLongerThanTheLimitIsAnError() {
        String endless = "a,b\n1,\"" + "x".repeat(Reading.MAX_RECORD);
        assertTooLong(endless, new ProblemException.Position(1L, 4L));
        assertTooLong("a,b,\"" + "x".repeat(Reading.MAX_RECORD), new ProblemException.Position(null, 0L));
    }

    @Test
    void longestRecordPassesAndOneByteMoreDoesNot() {
        String cell = "x".repeat(Reading.MAX_RECORD - "1,\n".length());

        assertThat(read("a,b\n1," + cell + "\n2,y\n").rows()).containsExactly(1L, 2L);
        assertTooLong("a,b\n1,x" + cell + "\n2,y\n", new ProblemException.Position(1L, 4L));
    }

    private static void assertTooLong(String text, ProblemException.Position position) {
        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.RECORD_TOO_LONG);
            assertThat(e.position()).isEqualTo(position);
        });
    }

    /** What is kept out needs more memory than its bytes. */
    @Test
    void batchHoldsFewRejectsHoweverShortTheyAre() throws IOException {
        byte[] bytes = ("a,b\n" + "x\n".repeat(500_000) + "1,2\n").getBytes(UTF_8);
        CsvReader reader =
                CsvReader.open(new ByteArrayInputStream(bytes), null, CsvOptions.of(Reading.COMMA, Reading.MAX_RECORD));
        RecordBatch batch = new RecordBatch();
        long rejects = 0;
        long last = 0;
        while (reader.read(batch)) {
            assertThat(batch.rejects().size()).isLessThan(10_000);
            rejects += batch.rejects().size();
            last = batch.size() == 0 ? last : batch.row(batch.size() - 1);
        }

        assertThat(rejects).isEqualTo(500_000);
        assertThat(last).isEqualTo(500_001);
    }

    @Test
    void rowOfABrokenByteIsKnownBehindManyRejects() {
        assertBroken("a,b\n" + "x\n".repeat(500_000), new byte[] {0}, 0, 500_001);
    }

    @Test
    void cellOfThreeMegabytesPasses() {
        String cell = "x".repeat(3_000_000);
        assertThat(read("a,b\n1," + cell + "\n2,y\n").records()).containsExactly(List.of("1", cell), List.of("2", "y"));
    }

    @Test
    void narrowCellsNeedNoLargerBuffersThanWideOnes() throws IOException {
        for (String text : List.of("x\n" + "\n".repeat(5_000_000), "a,b,c,d\n" + ",,,\n".repeat(1_000_000))) {
            CsvReader reader = CsvReader.open(
                    new ByteArrayInputStream(text.getBytes(UTF_8)),
                    null,
                    CsvOptions.of(Reading.COMMA, Reading.MAX_RECORD));
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
        bytes[11] = 'x'; // the second byte of é: the first, at 10, begins no character
        for (int chunk = 1; chunk <= bytes.length; chunk++) {
            int size = chunk;
            assertThatThrownBy(() -> Reading.of(Pieces.ofSize(bytes, size)))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.TEXT_INVALID);
                        assertThat(e.position()).isEqualTo(new ProblemException.Position(2L, 10L, null, "3,\uFFFD"));
                    });
        }
    }

    @Test
    void rowOfABrokenByteIsKnownBehindTheFirstBatch() {
        String good = "a,b\n" + "1,2\n".repeat(100_000);
        byte[] bytes = (good + "3,\u0000\n").getBytes(UTF_8);

        assertThatThrownBy(() -> read(bytes)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.TEXT_INVALID);
            assertThat(e.position().byteOffset()).isEqualTo(good.length() + 2);
            assertThat(e.position().row()).isEqualTo(100_001);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void rowOfABrokenByteIsTheOneItStandsIn(String end) {
        String good = "a,b\n" + "1,2\n".repeat(100_000);
        for (String before : List.of("", "3", "3,", "3,\"", "3,\"4\"")) {
            String text = good + "5,6" + end + before;
            assertBroken(text, new byte[] {(byte) 0xFF, '\n'}, 0, 100_002);
            assertBroken(text, new byte[] {(byte) 0xE2, (byte) 0x82}, 0, 100_002);
        }
    }

    /** @param bad where in {@code rest} the byte is that cannot be */
    private static void assertBroken(String text, byte[] rest, int bad, long row) {
        byte[] good = text.getBytes(UTF_8);
        byte[] bytes = Arrays.copyOf(good, good.length + rest.length);
        System.arraycopy(rest, 0, bytes, good.length, rest.length);
        assertThatThrownBy(() -> read(bytes)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.TEXT_INVALID);
            assertThat(e.position().row()).isEqualTo(row);
            assertThat(e.position().byteOffset()).isEqualTo((long) good.length + bad);
        });
    }

    private static void assertCode(String text, ErrorCode code) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void problemOfABrokenByteNamesTheColumnAndTheCell() {
        byte[] bytes = "id,name\n1,\"a, b\"\n2,\"x\ny?z\"\n".getBytes(UTF_8);
        bytes[new String(bytes, UTF_8).indexOf('?')] = (byte) 0xE8;

        assertThatThrownBy(() -> {
                    CsvReader reader = CsvReader.open(
                            new ByteArrayInputStream(bytes), null, CsvOptions.of(Dialect.RFC_4180, Reading.MAX_RECORD));
                    reader.nameColumns(List.of("id", "name"));
                    reader.read(new RecordBatch());
                })
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.position())
                                .isEqualTo(new ProblemException.Position(2L, 23L, "name", "\"x\ny\uFFFD")));
    }

    @ParameterizedTest
    @CsvSource({
        "'1,2,3?', c, '3\uFFFD'",
        "'?', a, '\uFFFD'",
        "'1,?', b, '\uFFFD'",
        "'\"1\",\"x\"?', b, '\"x\"\uFFFD'",
        "'1,2,3,4?', , '1,2,3,4\uFFFD'"
    })
    void problemOfABrokenByteNamesItsCellWhereverItStands(String record, String column, String raw) {
        byte[] bytes = ("a,b,c\n4,5,6\n" + record).getBytes(UTF_8);
        bytes[bytes.length - 1] = (byte) 0xFF;

        assertThatThrownBy(() -> {
                    CsvReader reader = CsvReader.open(
                            new ByteArrayInputStream(bytes), null, CsvOptions.of(Dialect.RFC_4180, Reading.MAX_RECORD));
                    reader.nameColumns(List.of("a", "b", "c"));
                    reader.read(new RecordBatch());
                })
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.position())
                                .isEqualTo(new ProblemException.Position(2L, bytes.length - 1L, column, raw)));
    }

    @Test
    void brokenByteInTheHeaderHasNoRow() {
        byte[] bytes = {'a', ',', (byte) 0xE8, (byte) 0xEC, '\n'};

        assertThatThrownBy(() -> read(bytes))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.position())
                                .isEqualTo(new ProblemException.Position(null, 2L, null, "a,\uFFFD")));
    }

    @Test
    void recordsBeforeABrokenByteAreCounted() throws IOException {
        byte[] bytes = {'a', '\n', '1', '\n', '2', '\n', (byte) 0xFF, '\n'};
        CsvReader reader = CsvReader.open(
                new ByteArrayInputStream(bytes), null, CsvOptions.of(Dialect.RFC_4180, Reading.MAX_RECORD));

        assertThatThrownBy(() -> reader.read(new RecordBatch()))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.position().row()).isEqualTo(3));
    }

    private static Reading read(String text, Byte quote, Header header, int quoteLines) {
        CsvOptions options = new CsvOptions((byte) ',', quote, header, quoteLines, Reading.MAX_RECORD);
        return Reading.of(new ByteArrayInputStream(text.getBytes(UTF_8)), options);
    }

    private static String swallowing(int lines, String line) {
        return "a,b,c\n1,2,3\n4,\"5,6\n" + line.repeat(lines) + "7,8\",9\n10,11,12\n";
    }

    @Test
    void quotedFieldWithMoreLinesThatLookLikeRecordsThanAllowedIsRefusedAtItsPlace() {
        assertThat(read(swallowing(100, "x,y,z\n")).rows()).isEqualTo(List.of(1L, 2L, 3L));
        for (String line : List.of("x,y,z\n", "x,\"\",z\r\n", "\"\",,\r")) {
            assertThatThrownBy(() -> read(swallowing(101, line), (byte) '"', Header.PRESENT, 100))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.QUOTE_SPANS_RECORDS);
                        assertThat(e.position().row()).isEqualTo(2);
                        assertThat(e.position().byteOffset()).isEqualTo(14);
                    });
        }
    }

    @Test
    void refusalOfAQuotedFieldDoesNotDependOnHowItArrives() {
        byte[] bytes = swallowing(101, "x,y,z\n").getBytes(UTF_8);
        CsvOptions options = new CsvOptions((byte) ',', (byte) '"', Header.PRESENT, 100, Reading.MAX_RECORD);
        for (int chunk : List.of(1, 2, 3, 7, 64, 1000)) {
            assertThatThrownBy(() -> Reading.of(Pieces.ofSize(bytes, chunk), options))
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            e -> assertThat(e.position().byteOffset()).isEqualTo(14));
        }
    }

    @Test
    void quotedFieldOfLinesThatDoNotLookLikeRecordsPasses() {
        for (String line : List.of("prose, of one comma\n", "x,\"\"y\"\",z\n", "\n", "no comma\nand,two,commas\n")) {
            assertThat(read(swallowing(1000, line), (byte) '"', Header.PRESENT, 100)
                            .rows())
                    .containsExactly(1L, 2L, 3L);
        }
        assertThat(read(swallowing(1000, "x,y,z\n"), (byte) '"', Header.PRESENT, 1000)
                        .rows())
                .hasSize(3);
    }

    @Test
    void rejectSaysHowManyRecordsItHides() {
        Reading result = read("a,b,c\n1,\"2,3\n4,5,6\n7,8,9\"x,1,2\n10,\"11\"x\n12,13,14\n");

        assertThat(result.rejects())
                .extracting(RejectedRecord::row, RejectedRecord::reason, RejectedRecord::hides, RejectedRecord::records)
                .containsExactly(tuple(1L, "text_after_quote", 1, 2), tuple(2L, "text_after_quote", 0, 1));
    }

    @Test
    void withoutQuotesEveryFieldIsWhatStandsBetweenTwoDelimiters() {
        Reading result = read("a,b\n\"1,2\"\n\"\",\"\"\"\n", Dialect.NO_QUOTE, Header.PRESENT, 100);

        assertThat(result.records()).containsExactly(List.of("\"1", "2\""), List.of("\"\"", "\"\"\""));
    }

    @Test
    void firstRecordIsDataIfThereIsNoHeader() {
        Reading result = read("\n1,\"a\nb\"\n2,c\n3\n", (byte) '"', Header.ABSENT, 100);

        assertThat(result.header()).containsExactly("column_1", "column_2");
        assertThat(result.records()).containsExactly(List.of("1", "a\nb"), List.of("2", "c"));
        assertThat(result.rows()).containsExactly(1L, 2L);
        assertThat(result.rejects()).extracting(RejectedRecord::row).containsExactly(3L);
    }
}
