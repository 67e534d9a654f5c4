package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import io.restassured.path.json.JsonPath;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers and days at the edge of what types hold. */
class AdversarialCellsIT {
    private static final int BEHIND_THE_SAMPLE = 2_300_000;
    private static final String DIGITS = "9".repeat(1000);

    /**
     * A column of cells that prove a type, and one more.
     *
     * @param type that holds both
     * @param nullToken that the one more is
     */
    private record Case(String proven, String cell, String type, String nullToken) {
        Case(String proven, String cell, String type) {
            this(proven, cell, type, null);
        }
    }

    private static final List<Case> CASES = List.of(
            new Case("5", "-0", "text"),
            new Case("5", "-0.0", "text"),
            new Case("1.5", "-0.0", "text"),
            new Case("1e5", "-0", "text"),
            new Case("1e5", "-0e0", "text"),
            new Case("5", "0.0", "numeric"),
            new Case("5", "NaN", "bigint", "NaN"),
            new Case("1.5", "NaN", "numeric", "NaN"),
            new Case("1e5", "NaN", "double", "NaN"),
            new Case("5", "Infinity", "text"),
            new Case("1.5", "-Infinity", "text"),
            new Case("1e5", "Infinity", "text"),
            new Case("1e5", "-Infinity", "text"),
            new Case("1e5", "1e309", "text"),
            new Case("5", DIGITS, "numeric"),
            new Case("5", "-" + DIGITS, "numeric"),
            new Case("5", "1" + DIGITS, "text"),
            new Case("1.5", "9." + DIGITS.substring(1), "numeric"),
            new Case("1.5", "9." + DIGITS, "text"),
            new Case(".5", "." + DIGITS, "numeric"),
            new Case(".5", "-." + DIGITS + "1", "text"),
            new Case("1e5", DIGITS, "text"),
            new Case("", DIGITS, "numeric"),
            new Case("", "1" + DIGITS, "text"),
            new Case("", "NaN", "text"),
            new Case("", "-0", "text"),
            new Case("", "Infinity", "text"),
            new Case("2024-01-31", "0000-01-01", "text"),
            new Case("2024-01-31", "0001-01-01", "date"),
            new Case("2024-01-31", "9999-12-31", "date"),
            new Case("2024-01-31", "10000-01-01", "text"),
            new Case("2024-01-31", "294276-12-31", "text"),
            new Case("2024-01-31", "0044-03-15 BC", "text"),
            new Case("2024-01-31", "-0044-03-15", "text"),
            new Case("31/12/2024", "31/12/9999", "date"),
            new Case("31/12/2024", "31/12/0000", "text"),
            new Case("2024-01-31 00:00:00", "0001-01-01 00:00:00", "timestamp"),
            new Case("2024-01-31 00:00:00", "9999-12-31 23:59:59", "timestamp"),
            new Case("2024-01-31 00:00:00", "0000-12-31 23:59:59", "text"),
            new Case("2024-01-31 00:00:00", "294276-12-31 23:59:59", "text"),
            new Case("2024-01-31 00:00:00", "0044-03-15 12:00:00 BC", "text"),
            new Case("2024-01-31T00:00+15:59", "0001-01-01T00:00+15:59", "timestamptz"), // in UTC the year 1 BC
            new Case("2024-01-31T00:00-15:59", "9999-12-31T23:59-15:59", "timestamptz"), // in UTC the year 10000
            new Case("", "0000-01-01", "text"),
            new Case("", "10000-01-01", "text"),
            new Case("", "0044-03-15 BC", "text"));

    private static String row(Function<Case, String> cell) {
        return CASES.stream().map(cell).collect(Collectors.joining(",")) + "\n";
    }

    @ParameterizedTest
    @ValueSource(ints = {1, BEHIND_THE_SAMPLE})
    void cellAtTheEdgeHasTheSameOutcomeInTheSampleAndFarBehindIt(int bytesBefore) {
        String proven = row(Case::proven);
        String csv = row(c -> "c" + CASES.indexOf(c))
                + proven.repeat(bytesBefore / proven.length() + 1)
                + row(Case::cell)
                + proven;
        String name = Api.newName();

        JsonPath view = Api.put(name, csv).then().statusCode(201).extract().jsonPath();

        List<String> types = view.getList("columns.type");
        List<String> nullTokens = view.getList("columns.nullToken");
        for (int c = 0; c < CASES.size(); c++) {
            Case expected = CASES.get(c);
            assertThat(types.get(c)).as("%s", expected).isEqualTo(expected.type());
            assertThat(nullTokens.get(c)).as("%s", expected).isEqualTo(expected.nullToken());
        }
        assertThat(Api.source(name).equals(csv)).isTrue();
        Api.rows(name, Map.of()).then().statusCode(200);
        Api.csv(name).then().statusCode(200);
    }
}
