package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ProblemException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ColumnTyperTest {

    /** A column of these cells; a cell in double quotes was quoted. */
    private static ColumnTyper column(String... cells) {
        ColumnTyper typer = new ColumnTyper();
        observe(typer, 1, cells);
        typer.decide();
        return typer;
    }

    private static void observe(ColumnTyper typer, long firstRow, String... cells) {
        long row = firstRow;
        for (String cell : cells) {
            byte[] b = text(cell);
            typer.observe(row++, b, 0, b.length, quoted(cell));
        }
    }

    private static boolean accepts(ColumnTyper typer, String cell) {
        byte[] b = text(cell);
        return typer.accept(b, 0, b.length, quoted(cell));
    }

    private static boolean quoted(String cell) {
        return cell.startsWith("\"");
    }

    private static byte[] text(String cell) {
        return (quoted(cell) ? cell.substring(1, cell.length() - 1) : cell).getBytes(UTF_8);
    }

    static Stream<Arguments> columns() {
        return Stream.of(
                of("bigint", null, "1", "-5", "0", "9223372036854775807", "-9223372036854775808"),
                of("numeric", null, "1", "9223372036854775808"),
                of("numeric", null, "0.0", "1.50", "-0.5", "12"),
                of("numeric", ".#", ".097", "-.5", "1.25", "3"),
                of("text", null, ".5", "0.5"),
                of("text", null, "00501"),
                of("text", null, "+5"),
                of("text", null, "-0"),
                of("text", null, "-0.0"),
                of("text", null, "5."),
                of("text", null, "1,234"),
                of("text", null, " 5"),
                of("double", "0e0", "1e5", "2.5e3"),
                of("double", "0e+00,fixed -4..15 .0", "1e-05", "0.0001", "1.0", "1e+16", "1234567890123456.0"),
                of("double", "0.0E0,fixed -3..6 .0", "1.0E-4", "0.001", "1234567.0", "1.0E7"),
                of("double", "0e0,fixed 0..1", "1", "10", "1e5"),
                of("text", null, "1.50", "1e5"),
                of("text", null, "1e400"),
                of("text", null, "1E5", "1e5"),
                of("text", null, "0.1e5"),
                of("text", null, "123456789012345678e5"),
                of("boolean", "true/false", "true"),
                of("boolean", "Y/N", "Y", "N", "N"),
                of("boolean", "yes/no", "no", "yes"),
                of("text", null, "N", "N"),
                of("text", null, "true", "TRUE"),
                of("bigint", null, "0", "1"),
                of("date", "yyyy-MM-dd", "2024-02-29", "0001-01-01", "9999-12-31"),
                of("text", null, "2023-02-29"),
                of("text", null, "0000-01-01"),
                of("date", "yyyy/MM/dd", "2024/01/31"),
                of("date", "dd/MM/yyyy", "05/01/2024", "13/01/2024"),
                of("date", "MM/dd/yyyy", "05/01/2024", "01/13/2024"),
                of("date", "dd.MM.yyyy", "31.12.2024"),
                of("text", null, "05/01/2024", "06/01/2024"),
                of("text", null, "13/01/2024", "01/13/2024"),
                of("timestamp", "yyyy-MM-dd HH:mm:ss", "2024-01-01 00:00:00", "2024-12-31 23:59:59"),
                of("timestamp", "yyyy-MM-dd'T'HH:mm", "2024-01-01T00:00"),
                of("timestamp", "yyyy-MM-dd'T'HH:mm:ss.SSS", "2024-01-01T00:00:00.120"),
                of("timestamp", "dd/MM/yyyy HH:mm:ss", "13/01/2024 10:00:00"),
                of("text", null, "2024-01-01 24:00:00"),
                of("text", null, "2024-01-01 00:00:60"),
                of("text", null, "2024-01-01 00:00:00", "2024-01-01 00:00:00.5"),
                of("text", null, "2024-01-01", "2024-01-01 00:00:00"),
                of("timestamptz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "2024-01-01T00:00:00Z"),
                of("timestamptz", "yyyy-MM-dd HH:mm:ss'+02:00'", "2024-01-01 00:00:00+02:00"),
                of("timestamptz", "yyyy-MM-dd HH:mm:ss'-0530'", "2024-01-01 00:00:00-0530"),
                of("text", null, "2024-01-01 00:00:00+02:00", "2024-01-01 00:00:00+01:00"),
                of("date", "M/d/yyyy", "1/5/2024", "1/31/2024"),
                of("date", "d/M/yyyy", "1/5/2024", "31/1/2024"),
                of("date", "d.M.yyyy", "31.12.2024", "31.1.2024", "1.12.2024"),
                of("date", "dd.M.yyyy", "01.1.2024", "31.12.2024"),
                of("date", "d/MM/yyyy", "31/12/2024", "5/01/2024"),
                of("date", "yyyy-M-d", "2024-10-10", "2024-1-5"),
                of("date", "d/MM/yyyy", "12/11/2024", "5/11/2024", "13/11/2024"),
                of("text", null, "1/5/2024", "2/6/2024"),
                of("text", null, "1/5/2024", "01/31/2024"),
                of("text", null, "01/31/2024", "1/5/2024"),
                of("text", null, "31/01/2024", "31/1/2024"),
                of("text", null, "05/12/2024", "31/12/2024", "5/12/2024"),
                of("text", null, "13/01/2024 09:00", "13/01/2024 9:00"),
                of("text", null, "1/31/24"),
                of("text", null, "0/31/2024"),
                of("date", "dd-MMM-yyyy", "05-Jan-2024", "31-May-2024"),
                of("date", "d-MMM-yyyy", "15-Jan-2024", "5-Dec-2024"),
                of("date", "dd MMMM yyyy", "15 May 2024", "31 January 2024"),
                of("date", "d MMMM yyyy", "5 January 2024"),
                of("date", "dd-MMM-yyyy", "05-May-2024"),
                of("date", "dd-MMM-yyyy (JAN)", "05-JAN-2024"),
                of("date", "d MMMM yyyy (jan)", "5 february 2024"),
                of("date", "MMM d, yyyy", "Jan 5, 2024", "Dec 31, 2024"),
                of("date", "MMMM dd, yyyy", "May 15, 2024", "September 10, 2024"),
                of("date", "MMM dd yyyy", "Jan 05 2024"),
                of("text", null, "Jan 5, 2024", "January 6, 2024"),
                of("text", null, "Jan 5, 2024", "JAN 6, 2024"),
                of("text", null, "jAN 5, 2024"),
                of("text", null, "30-Feb-2024"),
                of("text", null, "Sept 5, 2024"),
                of("text", null, "5 Mai 2024"),
                of("time", "HH:mm", "10:15", "09:05", "23:59"),
                of("time", "H:mm", "10:15", "9:05"),
                of("time", "HH:mm:ss", "00:00:00"),
                of("time", "HH:mm:ss.SSS", "00:00:00.120"),
                of("time", "HH:mm:ss.SSSSSS", "10:00:00.000001"),
                of("time", "h:mm a", "9:05 AM", "12:00 PM"),
                of("time", "hh:mm:ssa (am)", "09:05:00am", "12:00:00pm"),
                of("text", null, "24:00"),
                of("text", null, "9:05", "09:05"),
                of("text", null, "10:15", "10:15:00"),
                of("text", null, "0:05 AM"),
                of("text", null, "13:05 PM"),
                of("text", null, "9:05 AM", "9:05 pm"),
                of("text", null, "9:05 Am"),
                of("text", null, "9:05 aM"),
                of("text", null, "9:05 AM", "9:05"),
                of("text", null, "10:15Z"),
                of("timestamp", "M/d/yyyy h:mm:ss a", "1/5/2024 9:05:00 AM", "12/31/2024 12:00:00 PM"),
                of("timestamp", "M/dd/yyyy, h:mm:ss a", "1/31/2024, 9:05:00 AM"),
                of("timestamp", "dd/MM/yyyy H:mm", "13/01/2024 10:00", "13/01/2024 9:00"),
                of("timestamp", "dd/MM/yyyy H:mm", "13/11/2024 9:00"),
                of("timestamp", "MMM d, yyyy h:mm a (jan, am)", "jan 5, 2024 9:05 am"),
                of("timestamptz", "dd-MMM-yyyy HH:mm:ss'+0000'", "05-Jan-2024 10:00:00+0000"),
                of("numeric", "0,#", "12,5"),
                of("numeric", "0,#", "5", "1234", "12,50"),
                of("numeric", "0,#", "1,23"),
                of("numeric", "0,#", "0,123"),
                of("numeric", "0,#", "1,234", "12,5"),
                of("text", null, "5000", "1,234"),
                of("text", null, "12,345", "5000", "103,500", "900"),
                of("text", null, "1,234", "2019"),
                of("text", null, "1.234", "1,234", "5000"),
                of("numeric", "0,#", "5000", "1,234", "12,5"),
                of("numeric", "0,#", "5000", "1,234", "80000000,000"),
                of("numeric", "0,#", "1234", "0,123"),
                of("text", null, "1 234", "5,678"),
                of("text", null, "5,678", "1 234 567"),
                of("numeric", "# ##0,#", "5,678", "1 234,567"),
                of("numeric", "# ##0.#", "1 234", "5.678"),
                of("numeric", "#,##0.#", "5.5", "1,234"),
                of("numeric", "#,##0.#", "1,234", "0.123"),
                of("numeric", "#.##0,#", "1,234", "1.234.567"),
                of("numeric", ",#", ",5", "1,25"),
                of("numeric", "#,##0.#", "1,234.56"),
                of("numeric", "#,##0.#", "-0.50", "1,234", "12"),
                of("numeric", "#,###.#", ".50", "-1,234.00"),
                of("numeric", "#.##0,#", "1.234,56"),
                of("numeric", "#.##0,#", "12,5", "1.234"),
                of("numeric", "#.##0,#", "1.234", "12,5"),
                of("numeric", "# ##0,#", "1 234,5"),
                of("numeric", "# ##0,#", "12,5", "1 234", "5"),
                of("numeric", "# ##0.#", "1 234", "5.5"),
                of("numeric", "#'##0.#", "1'234.50"),
                of("numeric", "#\u00a0##0,#", "1\u00a0234,5", "12"),
                of("numeric", "#\u202f##0,#", "12,5", "1\u202f234\u202f567,5"),
                of("bigint", "#,##0", "1,234,567"),
                of("bigint", "#,##0", "-1,234", "123", "123,456,789,012,345,678"),
                of("bigint", "#.##0", "1.234", "1.234.567"),
                of("bigint", "# ##0", "5", "1 234"),
                of("bigint", "#'##0", "1'234"),
                of("bigint", "#\u2019##0", "1\u2019234"),
                of("numeric", null, "1.234", "999"),
                of("numeric", null, "1.234", "1234"),
                of("text", null, "1,234", "1.234"),
                of("text", null, "1,234", "1234"),
                of("text", null, "1234", "1,234,567"),
                of("text", null, "1,234.5", "1234.5"),
                of("text", null, "12,34,567"),
                of("text", null, "1,234,56"),
                of("text", null, "1,2345,678"),
                of("text", null, "0,123,456"),
                of("text", null, "1,234,567", "1.234.567"),
                of("text", null, "1,234.5", "1.234,5"),
                of("text", null, "1 234", "1,234,567"),
                of("text", null, "1 234\u00a0567"),
                of("text", null, "-0,0"),
                of("text", null, "00,5"),
                of("text", null, "+1,5"),
                of("text", null, "12,"),
                of("text", null, ",5", "0,5"),
                of("text", null, "1,234,567,890,123,456,789"),
                of("text", null, "1,5", "1.5"),
                of("text", null, "1,5", "1e5"),
                of("uuid", null, "0198c3f0-0000-7000-8000-0123456789ab"),
                of("uuid", "A-F", "0198C3F0-0000-7000-8000-0123456789AB"),
                of("text", null, "0198c3f0-0000-7000-8000-0123456789aB"),
                of("text", null, "0198c3f0-0000-7000-8000-0123456789az"),
                of("text", null, "NaN", "Infinity"),
                of("text", null, "a"),
                of("text", null, ""),
                of("text", null),
                of("bigint", null, "", "5", ""),
                of("bigint", null, "\"5\"", "6"));
    }

    private static Arguments of(String type, String format, String... cells) {
        return Arguments.of(type, format, cells);
    }

    @ParameterizedTest
    @MethodSource("columns")
    void typeIsTheNarrowestThatGivesEveryCellBack(String type, String format, String[] cells) {
        ColumnType found = column(cells).type();

        assertThat(found.name()).isEqualTo(type);
        assertThat(found.format()).isEqualTo(format);
        assertThat(ColumnType.of(found.name(), found.format())).isEqualTo(found);
    }

    @Test
    void typedColumnHasOneTextForNull() {
        assertThat(column("5", "NA", "NA").nullToken()).isEqualTo("NA");
        assertThat(column("5", "NA", "NA").type().name()).isEqualTo("bigint");
        assertThat(column("NA", "5").type().name()).isEqualTo("bigint");
        assertThat(column("5", "").nullToken()).isNull();
        assertThat(column("5", "\"\"").nullToken()).isEmpty();
    }

    @Test
    void twoTextsForNullMakeAColumnText() {
        assertThat(column("5", "", "NA").type().name()).isEqualTo("text");
        assertThat(column("5", "NA", "").type().name()).isEqualTo("text");
        assertThat(column("5", "", "\"\"").type().name()).isEqualTo("text");
        assertThat(column("5", "\"NA\"").type().name()).isEqualTo("text");
    }

    @Test
    void wordsForNullAloneStayText() {
        ColumnTyper typer = column("None", "None");

        assertThat(typer.type().name()).isEqualTo("text");
        accepts(typer, "None");
        assertThat(typer.isNull()).isFalse();
    }

    @Test
    void inTextAnEmptyCellIsNullAndAQuotedOneIsNot() {
        ColumnTyper typer = column("a");

        assertThat(accepts(typer, "")).isTrue();
        assertThat(typer.isNull()).isTrue();
        assertThat(accepts(typer, "\"\"")).isTrue();
        assertThat(typer.isNull()).isFalse();
    }

    @Test
    void theFirstValueThatRulesATypeOutIsKept() {
        assertThat(column("00501", "10001").ruledOut()).containsExactly(new RuledOut("bigint", 1, "00501", null));
        assertThat(column("1", "2.5", "x").ruledOut())
                .containsExactly(new RuledOut("bigint", 2, "2.5", null), new RuledOut("numeric", 3, "x", null));
        assertThat(column("40.9", "7.25").ruledOut()).isEmpty();
        assertThat(column("Holtsville").ruledOut()).isEmpty();
    }

    @Test
    void whatTheDataDoesNotProveSaysSo() {
        assertThat(column("05/01/2024").ruledOut())
                .containsExactly(new RuledOut("date", 1, "05/01/2024", "no value tells the day from the month"));
        assertThat(column("N").ruledOut())
                .containsExactly(new RuledOut("boolean", 1, "N", "only one word of the pair Y/N occurs"));
    }

    @Test
    void theOnlyCommaOfAColumnSaysWhatItMightBe() {
        assertThat(column("5", "1,234", "6,500").ruledOut())
                .containsExactly(
                        new RuledOut("bigint", 2, "1,234", "no value tells a decimal comma from digit groups"));
        assertThat(column("1/5/2024").ruledOut())
                .containsExactly(new RuledOut("date", 1, "1/5/2024", "no value tells the day from the month"));
    }

    @Test
    void aGroupedIntegerThatTurnsOutToBeADecimalIsRuledOutByTheCellThatTells() {
        assertThat(column("1,234", "5", "12,5").ruledOut()).containsExactly(new RuledOut("bigint", 3, "12,5", null));
        assertThat(column("1,234", "1,234.5").ruledOut()).containsExactly(new RuledOut("bigint", 2, "1,234.5", null));
    }

    @Test
    void whatNoCellTellsOfAFormatIsLearnedFromALaterOne() {
        ColumnTyper days = column("12.10.2024", "13.10.2024");
        assertThat(days.type().format()).isEqualTo("dd.MM.yyyy");
        learn(days, "5.10.2024");
        assertThat(days.type().format()).isEqualTo("d.MM.yyyy");
        assertThat(days.ruledOut()).isEmpty();
        learn(days, "05.10.2024");
        assertThat(days.type().name()).isEqualTo("text");

        ColumnTyper names = column("15 May 2024");
        assertThat(accepts(names, "15 June 2024")).isTrue();
        assertThat(names.type().format()).isEqualTo("dd MMMM yyyy");
        assertThat(accepts(names, "15 Jul 2024")).isFalse();

        ColumnTyper numbers = column("12,5");
        assertThat(accepts(numbers, "1.234,5")).isTrue();
        assertThat(numbers.type().format()).isEqualTo("#.##0,#");
        assertThat(accepts(numbers, "1234,5")).isFalse();
    }

    @Test
    void integersBecomeGroupedOnceAGroupTellsItself() {
        ColumnTyper typer = column("5", "-20");
        learn(typer, "1,234,567");
        assertThat(typer.type()).isEqualTo(new ColumnType.BigInt(","));
        assertThat(typer.ruledOut()).isEmpty();

        learn(typer, "1,234.50");
        assertThat(typer.type().format()).isEqualTo("#,##0.#");
        assertThat(typer.ruledOut()).containsExactly(new RuledOut("bigint", 9, "1,234.50", null));
    }

    @Test
    void laterCellThatCanMeanTwoThingsMakesAColumnText() {
        ColumnTyper typer = column("5");
        learn(typer, "1,234");

        assertThat(typer.type().name()).isEqualTo("text");
        assertThat(typer.ruledOut())
                .containsExactly(
                        new RuledOut("bigint", 9, "1,234", "no value tells a decimal comma from digit groups"));
    }

    @Test
    void laterCommaIsReadOnlyIfAnotherValueExcludesTheOtherReading() {
        ColumnTyper ungrouped = column("5000");
        learn(ungrouped, "1,234");
        assertThat(ungrouped.type().name()).isEqualTo("text");

        ColumnTyper decimals = column("1.234");
        learn(decimals, "5,678");
        assertThat(decimals.type().name()).isEqualTo("text");

        ColumnTyper clear = column("1.5");
        learn(clear, "5,678");
        assertThat(clear.type().format()).isEqualTo("#,##0.#");
    }

    @Test
    void pinnedNumberOfTwoReadingsIsRefused() {
        assertThatThrownBy(() -> pinned("numeric", "12,345", "5000"))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("no value tells a decimal comma from digit groups");
        assertThat(pinned("numeric", "12,345", "12,5").type().format()).isEqualTo("0,#");
        assertThat(pinned("bigint", "12,345").type()).isEqualTo(new ColumnType.BigInt(","));
    }

    private static ColumnTyper pinned(String type, String... cells) {
        ColumnTyper typer = new ColumnTyper(type, TypeOptions.none());
        observe(typer, 1, cells);
        typer.decide();
        return typer;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            numeric | 0.#
            numeric | #0.#
            numeric | x
            bigint  | #,#
            bigint  | ##0
            date    | yyyy-QQ
            time    | HH:mm;
            """)
    void whatIsNoFormatIsRefused(String type, String format) {
        assertThatIllegalArgumentException().isThrownBy(() -> ColumnType.of(type, format));
    }

    @Test
    void storedDecimalsAreNotReadAnewAsGroups() {
        ColumnTyper typer = column("1.234");
        learn(typer, "1.234.567");

        assertThat(typer.type().name()).isEqualTo("text");
    }

    /** Shows a cell to a column that does not accept it. */
    private static void learn(ColumnTyper typer, String cell) {
        assertThat(accepts(typer, cell)).isFalse();
        observe(typer, 9, cell);
        typer.decide();
    }

    @Test
    void laterCellWidensToTheNextTypeThatHoldsEverythingSoFar() {
        ColumnTyper typer = column("1", "20");
        assertThat(accepts(typer, "2.5")).isFalse();
        observe(typer, 3, "2.5");
        typer.decide();
        assertThat(typer.type().name()).isEqualTo("numeric");
        assertThat(accepts(typer, "2.5")).isTrue();

        observe(typer, 4, "1e5");
        typer.decide();
        assertThat(typer.type().name()).isEqualTo("double");

        observe(typer, 5, "x");
        typer.decide();
        assertThat(typer.type().name()).isEqualTo("text");
        assertThat(typer.ruledOut()).extracting(RuledOut::type).containsExactly("bigint", "numeric", "double");
    }

    @Test
    void numbersADoubleWouldNotGiveBackWidenToText() {
        ColumnTyper typer = column("1.10");
        observe(typer, 2, "1e5");
        typer.decide();

        assertThat(typer.type().name()).isEqualTo("text");
    }

    @Test
    void columnOfNullsTakesItsTypeFromItsFirstValue() {
        ColumnTyper typer = column("", "");
        assertThat(typer.type().name()).isEqualTo("text");
        assertThat(accepts(typer, "")).isTrue();
        assertThat(accepts(typer, "2024-01-01")).isFalse();

        observe(typer, 3, "2024-01-01");
        typer.decide();

        assertThat(typer.type().name()).isEqualTo("date");
        assertThat(typer.ruledOut()).isEmpty();
    }
}
