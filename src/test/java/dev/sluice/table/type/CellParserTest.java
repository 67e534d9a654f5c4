package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.table.format.CsvOptions;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.Dialect;
import dev.sluice.table.format.RecordBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;

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

    @Property
    void keysOfGroupedDecimalsOrderAsTheirValuesDo(@ForAll("scaled") BigDecimal a, @ForAll("scaled") BigDecimal b) {
        NumberPattern german = new NumberPattern(".", ',', true);
        assertOrder(written(a, german), a, written(b, german), b);
    }

    private static void assertOrder(String a, String b) {
        assertOrder(a, new BigDecimal(a), b, new BigDecimal(b));
    }

    private static void assertOrder(String a, BigDecimal first, String b, BigDecimal second) {
        ColumnVector cells = cells(a, b);
        if (cells != null) { // else one is a negative zero
            assertThat(Integer.signum(compare(cells))).isEqualTo(first.compareTo(second));
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
            CsvReader.open(
                            new ByteArrayInputStream(text.getBytes(UTF_8)),
                            null,
                            CsvOptions.of(Dialect.RFC_4180, 1 << 20))
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

    /** What the formats found say of each cell gives it back, by java.time. */
    @Property
    void datesAndTimesComeBackByTheFormatFound(
            @ForAll("patterns") String pattern,
            @ForAll @Size(min = 1, max = 4) List<@From("times") LocalDateTime> times) {
        List<String> cells = times.stream().map(t -> written(t, pattern)).toList();
        RecordBatch batch = batch(cells.toArray(String[]::new));
        ColumnTyper typer = new ColumnTyper();
        for (int r = 0; r < batch.size(); r++) {
            typer.observe(r, batch.bytes(), batch.start(r, 0), batch.end(r, 0) - batch.start(r, 0), false);
        }
        typer.decide();
        boolean ambiguous = pattern.matches("(dd?[-/.]MM?|MM?[-/.]dd?)[-/.]yyyy.*");

        if (ambiguous && times.stream().allMatch(t -> t.getDayOfMonth() <= 12)) {
            assertThat(typer.type()).isEqualTo(new ColumnType.Text());
            return;
        }
        ColumnVector values = new ColumnVector(0);
        assertThat(typer.accept(batch, 0, 0, batch.size(), values)).isEqualTo(batch.size());
        for (int r = 0; r < batch.size(); r++) {
            LocalDateTime value = time(typer.type(), values.orderKey(r));
            assertThat(written(value, typer.type().format())).isEqualTo(cells.get(r));
        }
    }

    @Property(tries = 20_000)
    void noDateOrTimeIsAcceptedThatItsFormatDoesNotGiveBack(@ForAll("temporalCells") String cell) {
        for (CellParser parser : PatternParser.of(cell.getBytes(US_ASCII), 0, cell.length())) {
            if (accept(parser, cell, US_ASCII)) {
                assertThat(written(
                                time(parser.type(), parser.value), parser.type().format()))
                        .isEqualTo(cell);
            }
        }
    }

    @Property(tries = 20_000)
    void noNumberIsAcceptedThatItsFormatDoesNotGiveBack(@ForAll("numberCells") String cell) {
        byte[] b = cell.getBytes(UTF_8);
        for (CellParser parser : LocalNumberParser.of(LocalNumberParser.Before.NOTHING, b, 0, b.length)) {
            assertThat(written(parser)).isEqualTo(cell);
        }
    }

    @Property
    void numbersComeBackByTheFormatFound(
            @ForAll("numberPatterns") NumberPattern pattern,
            @ForAll @Size(min = 1, max = 4) List<@From("scaled") BigDecimal> numbers) {
        List<String> cells = numbers.stream().map(n -> written(n, pattern)).toList();
        byte[] first = cells.getFirst().getBytes(UTF_8);
        for (CellParser parser : LocalNumberParser.of(LocalNumberParser.Before.NOTHING, first, 0, first.length)) {
            if (parser.type() instanceof ColumnType.Numeric(NumberPattern found) && found.point() == pattern.point()) {
                for (String cell : cells) {
                    assertThat(accept(parser, cell, UTF_8)).as(cell).isTrue();
                    assertThat(written(parser)).isEqualTo(cell);
                }
                return;
            }
        }
        assertThat(cells.getFirst()).matches("-?[0-9]*([.][0-9]+)?"); // plain: other parsers read it
    }

    /** The date and time that a stored value is; a day of its own for a time. */
    private static LocalDateTime time(ColumnType type, long value) {
        LocalDateTime epoch = LocalDateTime.of(2000, 1, 1, 0, 0);
        return type instanceof ColumnType.Date ? epoch.plusDays(value) : epoch.plus(value, ChronoUnit.MICROS);
    }

    private static String written(LocalDateTime time, String format) {
        String pattern = format.replaceFirst(" \\(.*", "").replace("yyyy", "uuuu");
        String words = format.endsWith(")") ? format.substring(format.indexOf('(')) : "";
        String text = time.format(DateTimeFormatter.ofPattern(pattern, Locale.US));
        if (words.contains("am")) {
            text = text.replace("AM", "am").replace("PM", "pm");
        }
        return Pattern.compile("[A-Z][a-z]{2,}")
                .matcher(text)
                .replaceAll(m -> words.contains("JAN")
                        ? m.group().toUpperCase(Locale.ROOT)
                        : words.contains("jan") ? m.group().toLowerCase(Locale.ROOT) : m.group());
    }

    /** The value that a parser holds, by its format. */
    private static String written(CellParser parser) {
        return switch (parser.type()) {
            case ColumnType.BigInt(String group) ->
                written(
                        BigDecimal.valueOf(parser.value),
                        new NumberPattern(group, group.equals(".") ? ',' : '.', true));
            case ColumnType.Numeric(NumberPattern pattern) ->
                written(BigDecimal.valueOf(parser.value, (int) parser.second), pattern);
            default -> throw new AssertionError(parser.type());
        };
    }

    private static String written(BigDecimal number, NumberPattern pattern) {
        DecimalFormatSymbols symbols = new DecimalFormatSymbols(Locale.ROOT);
        symbols.setDecimalSeparator(pattern.point());
        symbols.setGroupingSeparator(
                pattern.group().isEmpty() ? '_' : pattern.group().charAt(0));
        DecimalFormat format =
                new DecimalFormat(pattern.leadingZero() || number.scale() == 0 ? "#,##0" : "#,###", symbols);
        format.setGroupingUsed(!pattern.group().isEmpty());
        format.setMinimumFractionDigits(number.scale());
        format.setMaximumFractionDigits(number.scale());
        return format.format(number);
    }

    @Provide
    Arbitrary<String> patterns() {
        Arbitrary<String> date = Arbitraries.of(
                "dd/MM/yyyy",
                "d/M/yyyy",
                "M/d/yyyy",
                "MM-dd-yyyy",
                "d.MM.yyyy",
                "dd.M.yyyy",
                "yyyy-M-d",
                "yyyy/MM/d",
                "dd-MMM-yyyy",
                "d MMMM yyyy",
                "MMM d, yyyy",
                "MMMM dd yyyy",
                "d/MMM/yyyy");
        Arbitrary<String> time =
                Arbitraries.of("HH:mm", "H:mm", "H:mm:ss", "HH:mm:ss.SSS", "h:mm a", "hh:mm:ssa", "h:mm:ss.SSSSSS a");
        Arbitrary<String> between = Arbitraries.of(" ", ", ", "'T'");
        Arbitrary<String> words = Arbitraries.of("", " (JAN)", " (jan)", " (am)", " (JAN, am)", " (jan, am)");
        Arbitrary<String> both = Combinators.combine(date, between, time).as((d, b, t) -> d + b + t);
        return Combinators.combine(Arbitraries.oneOf(date, time, both), words).as((p, w) -> p + w);
    }

    @Provide
    Arbitrary<LocalDateTime> times() {
        return Combinators.combine(days(), Arbitraries.longs().between(0, 86_399_999_999L))
                .as((day, micros) -> day.atStartOfDay().plus(micros, ChronoUnit.MICROS));
    }

    /** Near to dates and times, one or the other. */
    @Provide
    Arbitrary<String> temporalCells() {
        Arbitrary<String> number =
                Arbitraries.of("0", "00", "1", "01", "9", "12", "13", "24", "29", "30", "31", "59", "60", "011");
        Arbitrary<String> month = Arbitraries.oneOf(
                number, Arbitraries.of("Jan", "JAN", "feb", "February", "May", "mAy", "SEPTEMBER", "Sept", "Febr"));
        Arbitrary<String> year = Arbitraries.of("2024", "2023", "1900", "0000", "0001", "24", "02024");
        Arbitrary<String> separator = Arbitraries.of("-", "/", ".", " ", ", ");
        Arbitrary<String> date = Combinators.combine(
                        number, month, year, separator, Arbitraries.integers().between(0, 2))
                .as((d, m, y, s, order) -> switch (order) {
                    case 0 -> d + s + m + s + y;
                    case 1 -> m + (s.equals(", ") ? " " : s) + d + s + y;
                    default -> y + s + m + s + d;
                });
        Arbitrary<String> clock = Combinators.combine(
                        number,
                        number,
                        Arbitraries.of("", ":00", ":59", ":60", ":00.5", ":01.000001", ":1", ":00.1234567"),
                        Arbitraries.of("", " AM", "PM", " pm", " Pm", " aM", " A", "Z"))
                .as((h, m, s, half) -> h + ":" + m + s + half);
        Arbitrary<String> both = Combinators.combine(date, Arbitraries.of(" ", ", ", "T", ""), clock)
                .as((d, b, t) -> d + b + t);
        return Arbitraries.oneOf(date, clock, both);
    }

    @Provide
    Arbitrary<String> numberCells() {
        Arbitrary<String> piece = Arbitraries.of(
                "0", "1", "12", "123", "000", "005", "1234", ",", ",", ".", ".", " ", "'", "\u00a0", "\u202f", "\u2019",
                "-");
        return piece.list().ofMinSize(1).ofMaxSize(8).map(pieces -> String.join("", pieces));
    }

    @Provide
    Arbitrary<NumberPattern> numberPatterns() {
        return Combinators.combine(
                        Arbitraries.of(",.", ".,", " .", " ,", "'.", "\u00a0,", "\u202f,", ","),
                        Arbitraries.of(true, false))
                .as((s, zero) -> new NumberPattern(s.substring(0, s.length() - 1), s.charAt(s.length() - 1), zero));
    }

    @Provide
    Arbitrary<BigDecimal> scaled() {
        long most = 999_999_999_999_999_999L;
        return Combinators.combine(
                        Arbitraries.oneOf(
                                Arbitraries.longs().between(-most, most).withDistribution(RandomDistribution.uniform()),
                                Arbitraries.longs().between(-99999, 99999)),
                        Arbitraries.integers().between(2, 6).filter(scale -> scale != 3))
                .as(BigDecimal::valueOf);
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
        return Combinators.combine(year, month, day, separator, time, yearFirst)
                .as((y, m, d, s, t, first) -> (first
                                ? String.format("%04d%s%02d%s%02d", y, s, m, s, d)
                                : String.format("%02d%s%02d%s%04d", d, s, m, s, y))
                        + t);
    }
}
