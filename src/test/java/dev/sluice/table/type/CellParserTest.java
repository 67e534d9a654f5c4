package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.Arrays;
import java.util.List;
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
        NumericParser parser = new NumericParser();
        if (!accept(parser, a, US_ASCII)) {
            return; // a negative zero
        }
        long keyOfA = parser.orderKey();
        if (!accept(parser, b, US_ASCII)) {
            return;
        }
        long keyOfB = parser.orderKey();
        byte[] textOfA = a.getBytes(US_ASCII);
        byte[] textOfB = b.getBytes(US_ASCII);
        int byKey = Long.compare(keyOfA, keyOfB);
        int order = byKey != 0 ? byKey : parser.compareTied(textOfA, textOfA.length, textOfB, 0, textOfB.length);

        assertThat(Integer.signum(order)).isEqualTo(new BigDecimal(a).compareTo(new BigDecimal(b)));
    }

    @Property
    void keysOfTextOrderAsBytesDo(@ForAll String a, @ForAll String b) {
        TextParser parser = new TextParser();
        accept(parser, a, UTF_8);
        long keyOfA = parser.orderKey();
        accept(parser, b, UTF_8);
        int byKey = Long.compare(keyOfA, parser.orderKey());
        int byBytes = Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

        assertThat(byKey == 0 || Integer.signum(byKey) == Integer.signum(byBytes))
                .isTrue();
    }

    @Property
    void keysOfDoublesOrderAsTheyDo(@ForAll double a, @ForAll double b) {
        assertThat(Long.compare(DoubleParser.ordered(a), DoubleParser.ordered(b)))
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

        assertThat(parser.orderKey())
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
