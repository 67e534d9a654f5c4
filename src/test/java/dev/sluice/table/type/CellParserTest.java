package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.Dialect;
import dev.sluice.table.format.RecordBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Scale;

/** Each parser against a second implementation of what it reads. */
class CellParserTest {

    private static boolean accept(CellParser parser, String cell, Charset charset) {
        byte[] b = ("xx" + cell + "yy").getBytes(charset);
        return parser.accept(b, 2, b.length - 4);
    }

    @Property
    void keysOfDecimalsOrderAsTheirValuesDo(@ForAll @Scale(6) BigDecimal a, @ForAll @Scale(6) BigDecimal b) {
        assertOrder(a.toPlainString(), b.toPlainString());
    }

    @Property
    void keysOfLongDecimalsThatDifferInTheLastDigitsOrderAsTheirValuesDo(
            @ForAll("longDigits") String digits, @ForAll("digit") int x, @ForAll("digit") int y) {
        assertOrder("1" + digits + "." + x, "1" + digits + "." + y);
    }

    private static void assertOrder(String a, String b) {
        ColumnVector cells = cells(a, b);
        if (cells != null) { // else one is a negative zero
            assertThat(Integer.signum(compare(cells))).isEqualTo(new BigDecimal(a).compareTo(new BigDecimal(b)));
        }
    }

    /** The first record's value and the second's. */
    private static int compare(ColumnVector cells) {
        return cells.compare(cells.cell(0), 1);
    }

    /** A column of two cells; {@code null} if it is one of text. */
    private static ColumnVector cells(String a, String b) {
        RecordBatch batch = batch(a, b);
        ColumnTyper typer = new ColumnTyper();
        for (int r = 0; r < 2; r++) {
            typer.observe(r, batch.bytes(), batch.start(r, 0), batch.end(r, 0) - batch.start(r, 0), true);
        }
        typer.decide();
        ColumnVector cells = new ColumnVector(0);
        typer.accept(batch, 0, 0, 2, cells);
        return typer.type() instanceof ColumnType.Text ? null : cells;
    }

    private static RecordBatch batch(String... cells) {
        String text = "c\n"
                + Arrays.stream(cells)
                        .map(cell -> '"' + cell.replace("\"", "\"\"") + "\"\n")
                        .collect(Collectors.joining());
        try {
            RecordBatch batch = new RecordBatch();
            CsvReader.open(new ByteArrayInputStream(text.getBytes(UTF_8)), new Dialect((byte) ',', (byte) '"'), 1 << 20)
                    .read(batch);
            return batch;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Property
    void textsOrderAsBytesDo(@ForAll("texts") String a, @ForAll("texts") String b) {
        ColumnTyper typer = new ColumnTyper();
        typer.settle(1);
        ColumnVector cells = new ColumnVector(0);
        typer.accept(batch(a, b), 0, 0, 2, cells);
        int byBytes = Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

        assertThat(Integer.signum(compare(cells))).isEqualTo(Integer.signum(byBytes));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().excludeChars('\0').ofMaxLength(12);
    }

    @Property
    void keysOfDoublesOrderAsTheyDo(@ForAll double a, @ForAll double b) {
        assertThat(Long.compare(ColumnVector.ordered(a), ColumnVector.ordered(b)))
                .isEqualTo(Double.compare(a, b));
    }

    @Property(tries = 3000)
    void datesAreThoseTheJdkAccepts(@ForAll("dateCells") String cell) {
        List<CellParser> parsers = TemporalParser.of(cell.getBytes(US_ASCII), 0, cell.length());
        for (CellParser parser : parsers) {
            DateTimeFormatter jdk = DateTimeFormatter.ofPattern(
                            parser.type().format().replace("yyyy", "uuuu"))
                    .withResolverStyle(ResolverStyle.STRICT);
            assertThat(accept(parser, cell, US_ASCII)).as(cell).isEqualTo(parses(jdk, cell));
        }
    }

    @Property
    void daysAreThoseSinceTheYear2000(@ForAll("days") LocalDate day) {
        CellParser parser =
                TemporalParser.of(day.toString().getBytes(US_ASCII), 0, 10).getFirst();
        accept(parser, day.toString(), US_ASCII);

        assertThat(parser.value)
                .isEqualTo(day.toEpochDay() - LocalDate.of(2000, 1, 1).toEpochDay());
    }

    private static boolean parses(DateTimeFormatter jdk, String cell) {
        try {
            if (cell.length() > 10) {
                return LocalDateTime.parse(cell, jdk).getYear() > 0;
            }
            return LocalDate.parse(cell, jdk).getYear() > 0;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    @Provide
    Arbitrary<Integer> digit() {
        return Arbitraries.integers().between(0, 9);
    }

    @Provide
    Arbitrary<String> longDigits() {
        return Arbitraries.strings().numeric().ofMinLength(12).ofMaxLength(40);
    }

    @Provide
    Arbitrary<LocalDate> days() {
        return Arbitraries.longs()
                .between(
                        LocalDate.of(1, 1, 1).toEpochDay(),
                        LocalDate.of(9999, 12, 31).toEpochDay())
                .map(LocalDate::ofEpochDay);
    }

    @Provide
    Arbitrary<String> dateCells() {
        Arbitrary<Integer> year = Arbitraries.of(0, 1, 99, 1900, 2000, 2023, 2024, 9999);
        Arbitrary<Integer> month = Arbitraries.integers().between(0, 13);
        Arbitrary<Integer> day = Arbitraries.integers().between(0, 32);
        Arbitrary<String> separator = Arbitraries.of("-", "/", ".");
        Arbitrary<String> time = Arbitraries.of(
                "", " 00:00:00", "T23:59", " 24:00:00", "T12:60:00", " 12:00:61", "T01:02:03.123456", " 1:02:03");
        Arbitrary<Boolean> yearFirst = Arbitraries.of(true, false);
        return net.jqwik.api.Combinators.combine(year, month, day, separator, time, yearFirst)
                .as((y, m, d, s, t, first) -> (first
                                ? String.format("%04d%s%02d%s%02d", y, s, m, s, d)
                                : String.format("%02d%s%02d%s%04d", d, s, m, s, y))
                        + t);
    }
}
