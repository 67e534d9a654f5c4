package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import io.restassured.path.json.JsonPath;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes in comes back, cell for cell, through PostgreSQL and the SQL that renders each type. */
class LosslessLawIT {
    /** More than the sample, so that what comes behind it was not looked at when the types were settled. */
    private static final int BEHIND_THE_SAMPLE = 2_300_000;

    private static final long EIGHTEEN_DIGITS = 1_000_000_000_000_000_000L;

    /** Cells of one kind each, by the type they make a column. */
    private static final Map<String, Function<Random, String>> KINDS = kinds();

    private static Map<String, Function<Random, String>> kinds() {
        Map<String, Function<Random, String>> kinds = new LinkedHashMap<>();
        kinds.put("bigint", r -> Long.toString(r.nextLong() >> r.nextInt(64)));
        kinds.put("numeric", r -> decimal(r, r.nextInt(5)));
        kinds.put("numeric .#", r -> decimal(r, 1 + r.nextInt(5)).replaceFirst("^(-?)0\\.", "$1."));
        kinds.put("double java", r -> Double.toString(magnitude(r)));
        kinds.put("double python", r -> python(magnitude(r)));
        kinds.put("boolean", r -> r.nextBoolean() ? "yes" : "no");
        kinds.put("date", r -> day(r).toString());
        kinds.put("date dmy", r -> day(r).format(DateTimeFormatter.ofPattern("dd/MM/uuuu")));
        kinds.put("date mdy", r -> day(r).format(DateTimeFormatter.ofPattern("MM.dd.uuuu")));
        kinds.put("timestamp", r -> time(r).format(DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss")));
        kinds.put("timestamp micros", r -> time(r).format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS")));
        kinds.put("timestamptz", r -> time(r).format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'")));
        kinds.put("timestamptz offset", r -> time(r).format(DateTimeFormatter.ofPattern("dd.MM.uuuu HH:mm'+05:30'")));
        kinds.put("date unpadded", r -> written(r, "M/d/uuuu"));
        kinds.put("date half padded", r -> written(r, "dd.M.uuuu"));
        kinds.put("date short month", r -> written(r, "dd-MMM-uuuu"));
        kinds.put("date long month", r -> written(r, "MMMM d, uuuu"));
        kinds.put("date loud month", r -> written(r, "d MMM uuuu").toUpperCase(Locale.ROOT));
        kinds.put("date quiet month", r -> written(r, "d-MMMM-uuuu").toLowerCase(Locale.ROOT));
        kinds.put("time", r -> written(r, "HH:mm:ss"));
        kinds.put("time unpadded", r -> written(r, "H:mm"));
        kinds.put("time micros", r -> written(r, "HH:mm:ss.SSSSSS"));
        kinds.put("time half day", r -> written(r, "hh:mm a").toLowerCase(Locale.ROOT));
        kinds.put("timestamp half day", r -> written(r, "M/d/uuuu h:mm:ss a"));
        kinds.put("timestamp comma", r -> written(r, "dd/MM/uuuu, H:mm:ss.SSS"));
        kinds.put("timestamptz month", r -> written(r, "d MMM uuuu HH:mm:ss'-0330'"));
        kinds.put(
                "date unsaid",
                r -> day(r).withMonth(10 + r.nextInt(3))
                        .withDayOfMonth(10 + r.nextInt(20))
                        .format(DateTimeFormatter.ofPattern("MM/dd/uuuu")));
        kinds.put("bigint small", r -> Integer.toString(r.nextInt(1000) - 500));
        kinds.put("bigint grouped", r -> grouped(r.nextLong() % EIGHTEEN_DIGITS >> r.nextInt(60), 0, ',', '.'));
        kinds.put("bigint spaced", r -> grouped(r.nextInt(2_000_000) - 1_000_000, 0, '\u00a0', '.'));
        kinds.put("numeric comma", r -> decimal(r, r.nextInt(5)).replace('.', ','));
        kinds.put(
                "numeric ,#",
                r -> decimal(r, 1 + r.nextInt(5))
                        .replaceFirst("^(-?)0\\.", "$1.")
                        .replace('.', ','));
        kinds.put("numeric grouped", r -> grouped(r, ',', '.'));
        kinds.put("numeric german", r -> grouped(r, '.', ','));
        kinds.put("numeric french", r -> grouped(r, '\u202f', ','));
        kinds.put("numeric spaced", r -> grouped(r, ' ', '.'));
        kinds.put("numeric swiss", r -> grouped(r, '\'', '.'));
        kinds.put("numeric swiss .#", r -> grouped(r, '\u2019', '.').replaceFirst("^(-?)0\\.", "$1."));
        kinds.put("uuid", r -> new UUID(r.nextLong(), r.nextLong()).toString());
        kinds.put(
                "uuid upper",
                r -> new UUID(r.nextLong(), r.nextLong()).toString().toUpperCase(Locale.ROOT));
        kinds.put("text", r -> text(r));
        return kinds;
    }

    private static String decimal(Random r, int scale) {
        String digits = Integer.toString(r.nextInt(2_000_000) - 1_000_000);
        String text =
                new BigDecimal(digits).movePointLeft(scale).setScale(scale).toPlainString();
        return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
    }

    private static String written(Random r, String pattern) {
        return time(r).format(DateTimeFormatter.ofPattern(pattern, Locale.US));
    }

    /** Up to 18 digits, 2 of them or more behind the point. */
    private static String grouped(Random r, char group, char point) {
        return grouped(r.nextLong() % EIGHTEEN_DIGITS >> r.nextInt(60), 2 + r.nextInt(3), group, point);
    }

    private static String grouped(long digits, int scale, char group, char point) {
        DecimalFormatSymbols symbols = new DecimalFormatSymbols(Locale.ROOT);
        symbols.setGroupingSeparator(group);
        symbols.setDecimalSeparator(point);
        String pattern = "#,##0" + (scale == 0 ? "" : "." + "0".repeat(scale));
        return new DecimalFormat(pattern, symbols).format(BigDecimal.valueOf(digits, scale));
    }

    private static double magnitude(Random r) {
        return r.nextGaussian() * Math.pow(10, r.nextInt(60) - 30);
    }

    /** As Python's repr writes a float: fixed from 1e-4 to 1e16. */
    private static String python(double value) {
        BigDecimal shortest = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = shortest.toPlainString();
            return plain.contains(".") ? plain : plain + ".0";
        }
        String digits = shortest.unscaledValue().abs().toString();
        return (value < 0 ? "-" : "") + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e"
                + (exponent < 0 ? "-" : "+") + String.format("%02d", Math.abs(exponent));
    }

    private static LocalDate day(Random r) {
        return LocalDate.of(1 + r.nextInt(9999), 1, 1).plusDays(r.nextInt(365));
    }

    private static LocalDateTime time(Random r) {
        return day(r).atTime(r.nextInt(24), r.nextInt(60), r.nextInt(60), r.nextInt(1_000_000) * 1000);
    }

    private static String text(Random r) {
        String alphabet = "ab ,;\"\n\r\té東💧01";
        return r.ints(r.nextInt(12), 0, alphabet.codePointCount(0, alphabet.length()))
                .mapToObj(i -> Character.toString(alphabet.codePointAt(alphabet.offsetByCodePoints(0, i))))
                .collect(Collectors.joining());
    }

    private static String csv(List<List<String>> table) {
        return table.stream()
                .map(row -> row.stream().map(LosslessLawIT::field).collect(Collectors.joining(",")) + "\n")
                .collect(Collectors.joining());
    }

    private static String field(String cell) {
        return cell.matches("(?s).*[,\"\\r\\n].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
    }

    private static JsonPath upload(String name, String csv) {
        return Api.put(name, csv.getBytes(UTF_8), Map.of())
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void everyKindOfCellComesBackAndHasItsType(long seed) {
        Random random = new Random(seed);
        List<List<String>> table = new ArrayList<>();
        table.add(List.copyOf(KINDS.keySet()));
        for (int row = 0; row < 3000; row++) {
            table.add(KINDS.values().stream()
                    .map(kind -> random.nextInt(20) == 0 ? "" : kind.apply(random))
                    .toList());
        }
        String name = Api.newName();

        JsonPath view = upload(name, csv(table));

        assertThat(view.getList("columns.type"))
                .isEqualTo(KINDS.keySet().stream()
                        .map(k -> k.replaceFirst(" .*", ""))
                        .toList());
        assertThat(Tables.cells(Api.source(name), ',')).isEqualTo(table);
    }

    static Stream<String> kindsButText() {
        return KINDS.keySet().stream().filter(kind -> !kind.equals("text"));
    }

    /** One table for each kind: a column for every other kind, which that other kind breaks behind the sample. */
    @ParameterizedTest
    @MethodSource("kindsButText")
    void everyTypeIsWidenedExactlyByEveryOtherKindOfCell(String kind) {
        Random random = new Random(kind.hashCode());
        List<String> others = List.copyOf(KINDS.keySet());
        List<List<String>> table = new ArrayList<>();
        table.add(others);
        int bytes = 0;
        while (bytes < BEHIND_THE_SAMPLE) {
            List<String> row = others.stream()
                    .map(o -> random.nextInt(20) == 0 ? "" : KINDS.get(kind).apply(random))
                    .toList();
            bytes += row.stream().mapToInt(c -> c.length() + 1).sum();
            table.add(row);
        }
        for (int i = 0; i < 50; i++) {
            table.add(others.stream().map(o -> KINDS.get(o).apply(random)).toList());
        }
        String name = Api.newName();

        upload(name, csv(table));

        List<List<String>> back = Tables.cells(Api.source(name), ',');
        assertThat(back).hasSameSizeAs(table);
        for (int row = 0; row < table.size(); row++) {
            assertThat(back.get(row)).as("row " + row).isEqualTo(table.get(row));
        }
    }

    @Test
    void columnThatIsNullForAllOfTheSampleTakesTheTypeOfItsFirstValue() {
        String rows = "some text of no meaning,\n".repeat(BEHIND_THE_SAMPLE / 25);
        String csv = "a,late\n" + rows + "x,2024-01-31\nx,\n";
        String name = Api.newName();

        JsonPath view = upload(name, csv);

        assertThat(view.getString("columns[1].type")).isEqualTo("date");
        assertThat(view.getString("columns[1].min")).isEqualTo("2024-01-31");
        assertThat(view.getInt("columns[1].nulls")).isEqualTo(view.getInt("rows") - 1);
        assertThat(Api.source(name)).isEqualTo(csv);
    }

    @Test
    void wordForNullComesBackAlsoWhenTheColumnTurnsToText() {
        String rows = "12345678,NA,5\nNA,87654321,\"\"\n".repeat(BEHIND_THE_SAMPLE / 30);
        String csv = "kept,turned,quoted\n" + rows + "1,x,7\n";
        String name = Api.newName();

        JsonPath view = upload(name, csv);

        assertThat(view.getList("columns.type")).isEqualTo(List.of("bigint", "text", "bigint"));
        assertThat(view.getList("columns.nullToken")).isEqualTo(java.util.Arrays.asList("NA", null, ""));
        assertThat(Api.source(name)).isEqualTo(csv);
    }

    @Test
    void leastAndGreatestValueAreThoseOfTheWidenedColumn() {
        String csv = "n,t\n" + "10,10\n9,9\n".repeat(BEHIND_THE_SAMPLE / 10) + "8.5,x\n";
        String name = Api.newName();

        JsonPath view = upload(name, csv);

        assertThat(view.getList("columns.type")).isEqualTo(List.of("numeric", "text"));
        assertThat(view.getList("columns.min")).isEqualTo(List.of("8.5", "10"));
        assertThat(view.getList("columns.max")).isEqualTo(List.of("10", "x"));
        assertThat(view.getString("columns[0].ruledOut[0].value")).isEqualTo("8.5");
    }
}
