package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.problem.ProblemException.Position;
import dev.sluice.table.Pieces;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The same bytes are the same records, and the same problem, however they arrive and wherever the end of a buffer falls.
 * Records are compared to those of a second reader.
 */
class CsvReaderSplitTest {
    /** In a single column an empty line is a record, so that a line feed too many would show. */
    private static final List<String> HEADERS = List.of("a\n", "a,b,c\n");

    private static final int FILLER = 1024;

    /** How a source ended that could not be read. */
    private record Failure(ErrorCode code, Position position) {}

    @Property(tries = 60)
    void agreesWithASecondReaderHoweverTheSourceIsCut(@ForAll("tables") String text) {
        byte[] bytes = text.getBytes(UTF_8);
        Reading expected = secondReader(text);

        for (int cut = 0; cut <= bytes.length; cut++) {
            assertAgree(Reading.of(Pieces.cutAt(bytes, cut)), expected);
        }
        assertAgree(Reading.of(Pieces.ofSize(bytes, 1)), expected);
    }

    @Property(tries = 1000)
    void agreesWithASecondReader(@ForAll("tables") String text) {
        assertAgree(Reading.of(Pieces.whole(text.getBytes(UTF_8))), secondReader(text));
    }

    @Property(tries = 40)
    void agreesWithASecondReaderWhereverTheEndOfABufferFalls(
            @ForAll("headers") String header, @ForAll("records") String text) {
        Reading expected = secondReader(header + text);
        byte[] bytes = text.getBytes(UTF_8);

        for (int buffers = 1; buffers <= 2; buffers++) {
            for (int before = 0; before <= bytes.length; before++) {
                int at = buffers * RecordBatch.CAPACITY - before;
                Reading found = Reading.of(Pieces.whole(behindFiller(header, at, bytes)));
                assertAgree(behind(fillers(at), found), expected);
            }
        }
    }

    @Property(tries = 60)
    void anyBytesComeToTheSameEndHoweverTheyAreCut(@ForAll("hostile") byte[] bytes) {
        Object expected = outcome(bytes);

        for (int cut = 0; cut <= bytes.length; cut++) {
            assertThat(outcome(Pieces.cutAt(bytes, cut))).isEqualTo(expected);
        }
        assertThat(outcome(Pieces.ofSize(bytes, 1))).isEqualTo(expected);
    }

    @Property(tries = 100)
    void anyBytesComeToTheSameEndWhereverTheEndOfABufferFalls(
            @ForAll("headers") String header, @ForAll("hostile") byte[] bytes) {
        int middle = RecordBatch.CAPACITY + RecordBatch.CAPACITY / 2;
        Object expected = relative(middle, outcome(behindFiller(header, middle, bytes)));

        for (int before = 0; before <= bytes.length; before++) {
            int at = 2 * RecordBatch.CAPACITY - before;
            assertThat(relative(at, outcome(behindFiller(header, at, bytes)))).isEqualTo(expected);
        }
    }

    /** A header, records of no interest up to byte {@code at}, one of which ends with the first buffer, then the bytes. */
    private static byte[] behindFiller(String header, int at, byte[] bytes) {
        String fields = ",y".repeat(header.length() / 2 - 1) + "\n";
        StringBuilder text = new StringBuilder(header);
        while (at - text.length() >= 2 * FILLER) {
            filler(text, FILLER - text.length() % FILLER, fields);
        }
        filler(text, at - text.length(), fields);
        byte[] all = Arrays.copyOf(text.toString().getBytes(UTF_8), at + bytes.length);
        System.arraycopy(bytes, 0, all, at, bytes.length);
        return all;
    }

    private static void filler(StringBuilder text, int length, String fields) {
        text.repeat('x', length - fields.length()).append(fields);
    }

    private static int fillers(int at) {
        return at / FILLER; // one for each full kB: the last is as long as what is left
    }

    /** What was read behind so many records, as if it were all. */
    private static Reading behind(int fillers, Reading all) {
        return new Reading(
                all.header(),
                all.records().subList(fillers, all.records().size()),
                all.rows().stream().skip(fillers).map(row -> row - fillers).toList(),
                all.rejects().stream()
                        .map(r -> new RejectedRecord(r.row() - fillers, null, r.raw(), r.reason(), r.hides()))
                        .toList());
    }

    private static Object relative(int at, Object outcome) {
        if (outcome instanceof Reading reading) {
            return behind(fillers(at), reading);
        }
        Failure failure = (Failure) outcome;
        Position position = failure.position();
        return new Failure(
                failure.code(),
                new Position(position.row() - fillers(at), position.byteOffset() - at, null, position.raw()));
    }

    private static Object outcome(byte[] bytes) {
        return outcome(Pieces.whole(bytes));
    }

    private static Object outcome(Pieces pieces) {
        try {
            return Reading.of(pieces);
        } catch (ProblemException e) {
            return new Failure(e.code(), e.position());
        }
    }

    private static void assertAgree(Reading found, Reading expected) {
        assertThat(found.header()).isEqualTo(expected.header());
        assertThat(found.records()).isEqualTo(expected.records());
        assertThat(found.rows()).isEqualTo(expected.rows());
        assertThat(found.rejects())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("raw", "hides")
                .isEqualTo(expected.rejects());
    }

    private static Reading secondReader(String text) {
        List<List<String>> all = de.siegmar.fastcsv.reader.CsvReader.builder()
                .commentStrategy(CommentStrategy.NONE)
                .skipEmptyLines(text.charAt(1) == ',') // of a single column they are NULLs
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(text)
                .stream()
                .map(CsvRecord::getFields)
                .toList();
        Reading reading = new Reading(all.getFirst(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int row = 1; row < all.size(); row++) {
            int more = all.get(row).size() - all.getFirst().size();
            if (more == 0) {
                reading.records().add(all.get(row));
                reading.rows().add((long) row);
            } else {
                reading.rejects()
                        .add(new RejectedRecord(
                                row,
                                null,
                                "",
                                more < 0 ? RejectedRecord.TOO_FEW_FIELDS : RejectedRecord.TOO_MANY_FIELDS,
                                0));
            }
        }
        return reading;
    }

    @Provide
    Arbitrary<String> headers() {
        return Arbitraries.of(HEADERS);
    }

    /** Tables of one to three columns. */
    @Provide
    Arbitrary<String> tables() {
        Arbitrary<String> header = Arbitraries.of("a", "a,b", "a,b,c").flatMap(h -> ends().map(e -> h + e));
        return header.flatMap(h -> records().map(r -> h + r));
    }

    /** Records of any number of fields, more often of three; the end of the last may lack. */
    @Provide
    Arbitrary<String> records() {
        Arbitrary<String> record = Arbitraries.of(1, 2, 3, 3, 3, 4)
                .flatMap(fields -> cell().list().ofSize(fields))
                .map(cells -> String.join(",", cells))
                .flatMap(r -> ends().map(e -> r + e));
        Arbitrary<String> last = cell().list().ofSize(3).map(cells -> String.join(",", cells));
        return Arbitraries.oneOf(Arbitraries.just(""), last)
                .flatMap(l -> record.list().ofMaxSize(6).map(records -> String.join("", records) + l));
    }

    private static Arbitrary<String> ends() {
        return Arbitraries.of("\n", "\r\n", "\r");
    }

    private static Arbitrary<String> cell() {
        Arbitrary<String> any = Arbitraries.of("a", "b", ",", "\"", "\"", "\r", "\n", "\r\n", " ", "é", "東", "💧", "\t")
                .list()
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
        Arbitrary<String> quoted = any.map(text -> '"' + text.replace("\"", "\"\"") + '"');
        Arbitrary<String> plain = any.map(text -> text.replaceAll("[,\r\n]", "").replaceFirst("^\"+", ""));
        return Arbitraries.oneOf(quoted, plain);
    }

    /** Little that is not a mark, a line end or a piece of a character. */
    @Provide
    Arbitrary<byte[]> hostile() {
        Arbitrary<Byte> text =
                Arbitraries.of('a', ',', ',', '"', '"', '\r', '\n').map(c -> (byte) c.charValue());
        Arbitrary<Byte> broken = Arbitraries.of(0x00, 0xC3, 0xA9, 0xE6, 0x9D, 0xB1, 0xED, 0xA0, 0x80, 0xF0, 0x9F, 0xFF)
                .map(Integer::byteValue);
        Arbitrary<byte[]> mostlyText = Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(30, text), net.jqwik.api.Tuple.of(1, broken))
                .array(byte[].class)
                .ofMaxSize(40);
        return Arbitraries.oneOf(
                mostlyText, text.array(byte[].class).ofMaxSize(40), cell().map(c -> c.getBytes(UTF_8)));
    }
}
