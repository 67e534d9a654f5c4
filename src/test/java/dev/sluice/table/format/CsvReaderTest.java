package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.Pieces;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
        CsvReader reader = CsvReader.open(
                new ByteArrayInputStream("a,b\n\"\",\n".getBytes(UTF_8)), Reading.COMMA, Reading.MAX_RECORD);
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
        CsvReader reader = CsvReader.open(new ByteArrayInputStream(bytes), Reading.COMMA, Reading.MAX_RECORD);
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
            CsvReader reader =
                    CsvReader.open(new ByteArrayInputStream(text.getBytes(UTF_8)), Reading.COMMA, Reading.MAX_RECORD);
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
            assertThatThrownBy(() -> Reading.of(Pieces.ofSize(bytes, size)))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
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
            assertBroken(text, new byte[] {(byte) 0xE2, (byte) 0x82}, 2, 100_002);
        }
    }

    /** @param bad where in {@code rest} the byte is that cannot be */
    private static void assertBroken(String text, byte[] rest, int bad, long row) {
        byte[] good = text.getBytes(UTF_8);
        byte[] bytes = Arrays.copyOf(good, good.length + rest.length);
        System.arraycopy(rest, 0, bytes, good.length, rest.length);
        assertThatThrownBy(() -> read(bytes)).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.TEXT_INVALID);
            assertThat(e.position()).isEqualTo(new ProblemException.Position(row, (long) good.length + bad));
        });
    }

    private static void assertCode(String text, ErrorCode code) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
