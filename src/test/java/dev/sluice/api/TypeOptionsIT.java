package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What whoever sends a table says of its types. */
class TypeOptionsIT {
    /** More than the sample, so that what comes behind it was not looked at when the types were settled. */
    private static final int BEHIND_THE_SAMPLE = 2_300_000;

    private final String name = Api.newName();

    private JsonPath put(String content, Map<String, String> options) {
        return Api.put(name, content.getBytes(UTF_8), options)
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    private Response refused(String content, Map<String, String> options) {
        Response response = Api.put(name, content.getBytes(UTF_8), options);
        Api.get("/v1/datasets/" + name).then().statusCode(404);
        return response;
    }

    private List<Map<String, Object>> rejects() {
        return Api.get("/v1/datasets/" + name + "/versions/1/rejects")
                .jsonPath()
                .getList("items");
    }

    private static Map<String, Object> reject(int row, String column, String raw) {
        return Map.of("row", row, "column", column, "raw", raw, "reason", "not_of_type");
    }

    @Test
    void cellsThatAreNotOfThePinnedTypeAreNullAndListedAndTheirRowsStay() {
        JsonPath view = put(
                "id,fee,note\n1,1.50,a\n2,free,b\n3,,c\n4,07,d\nx,2,e\n",
                Map.of("types", "fee:numeric,id:bigint,note:text"));

        assertThat(view.getList("columns.type")).isEqualTo(List.of("bigint", "numeric", "text"));
        assertThat(view.getInt("rows")).isEqualTo(5);
        assertThat(view.getInt("rejects")).isEqualTo(3);
        assertThat(Api.csv(name).asString()).isEqualTo("id,fee,note\n1,1.50,a\n2,,b\n3,,c\n4,,d\n,2,e\n");
        assertThat(rejects()).containsExactly(reject(2, "fee", "free"), reject(4, "fee", "07"), reject(5, "id", "x"));
        assertThat(view.getList("columns[1].ruledOut")).isEmpty();
    }

    @Test
    void pinsHoldBehindTheSampleWhereTheFirstValueComesLate() {
        StringBuilder text = new StringBuilder("when,n,free\n");
        int rows = 0;
        for (; text.length() < BEHIND_THE_SAMPLE; rows++) {
            text.append(",1,x\n");
        }
        text.append("31/12/2024,oops,1\nyesterday,2.5,y\n01/02/2025,3,z\n");

        JsonPath view = put(text.toString(), Map.of("types", "when:date,n:bigint"));

        assertThat(view.getList("columns.type")).isEqualTo(List.of("date", "bigint", "text"));
        assertThat(view.getString("columns[0].format")).isEqualTo("dd/MM/yyyy");
        assertThat(Api.rows(name, Map.of("when", "not.is.null", "select", "when,n"))
                        .asString())
                .isEqualTo("[{\"when\":\"2024-12-31\",\"n\":null},{\"when\":\"2025-02-01\",\"n\":3}]");
        assertThat(rejects())
                .containsExactly(
                        reject(rows + 1, "n", "oops"),
                        reject(rows + 2, "when", "yesterday"),
                        reject(rows + 2, "n", "2.5"));
    }

    @ParameterizedTest
    @CsvSource({
        "boolean, 1, true",
        "boolean, no, false",
        "bigint, 12, 12",
        "numeric, 12, 12",
        "double, 12, 12",
        "double, 1e5, 100000",
        "date, 2024-12-31, \"2024-12-31\"",
        "time, 23:59, \"23:59:00\"",
        "timestamp, 2024-12-31 01:02:03, \"2024-12-31T01:02:03\"",
        "timestamptz, 2024-12-31T01:02:03Z, \"2024-12-31T01:02:03+00:00\"",
        "uuid, 00000000-0000-0000-0000-00000000000a, \"00000000-0000-0000-0000-00000000000a\"",
        "text, 12, \"12\""
    })
    void aColumnCanBePinnedToEveryTypeWithAndWithoutValues(String type, String cell, String json) {
        JsonPath view = put("a,b\n" + cell + ",\n,\n", Map.of("types", "a:" + type + ",b:" + type));

        assertThat(view.getList("columns.type")).isEqualTo(List.of(type, type));
        assertThat(Api.rows(name, Map.of("a", "not.is.null")).asString())
                .isEqualTo("[{\"a\":" + json + ",\"b\":null}]");
        assertThat(Tables.cells(Api.source(name), ',')).contains(List.of(cell, ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "numeric | \"1,234\" | \"12,345.67\" | 1234 | 12345.67",
                "numeric | 1 234 | 5 678 | 1234 | 5678",
                "numeric | \"1,5\" | \"12345,67\" | 1.5 | 12345.67",
                "bigint | \"1,234,567\" | 1 | 1234567 | 1"
            })
    void pinnedNumbersAreReadInTheFormatOfTheirCells(String type, String a, String b, String first, String second) {
        JsonPath view = put("a,b\n" + a + ",\n" + b + ",\n", Map.of("types", "a:" + type));

        assertThat(view.getString("columns[0].type")).isEqualTo(type);
        assertThat(view.getInt("rejects")).isZero();
        assertThat(Api.csv(name).asString()).isEqualTo("a,b\n" + first + ",\n" + second + ",\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"double | 5 | 1E999 | 1e6", "bigint | 5 | 1.125 | 5000", "bigint | 5 | 5000.5 | \"1,234\""})
    void aRejectedCellTeachesNothing(String type, String first, String rejected, String last) {
        put("a,b\n" + first + ",\n" + rejected + ",\n" + last + ",\n", Map.of("types", "a:" + type));

        assertThat(rejects()).containsExactly(reject(2, "a", rejected));
    }

    @Test
    void aPinNamesAColumnByItsLabelToo() {
        assertThat(put("Postal Code,b\n12,1\n", Map.of("types", "Postal Code:text,b:numeric"))
                        .getList("columns.type"))
                .isEqualTo(List.of("text", "numeric"));
    }

    @Test
    void wordsForNullAreNoRejectsInAPinnedColumn() {
        JsonPath view = put("a\nNA\n5\nNA\n-\n", Map.of("types", "a:bigint"));

        assertThat(view.getInt("columns[0].nulls")).isEqualTo(3);
        assertThat(view.getString("columns[0].nullToken")).isEqualTo("NA");
        assertThat(rejects()).containsExactly(reject(4, "a", "-"));
    }

    @Test
    void moreRejectedCellsThanAllowedAreRefused() {
        refused("a\nx\ny\nz\n", Map.of("types", "a:bigint", "maxRejects", "2"))
                .then()
                .statusCode(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a:", ":text", "a:jsonb", "a:int", "a:text,a:date", "b:text", ""})
    void typesThatMakeNoSenseAreRefused(String types) {
        Response response = refused("a\n1\n", Map.of("types", types));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.jsonPath().getString("code")).isEqualTo("OPTION_INVALID");
    }

    @Test
    void anIngestHasEndedThoughWhatIsWrongWithItCannotBeStored() {
        refused("a\n1\n", Map.of("types", "a\0:text")).then().statusCode(400);

        JsonPath ingest = Api.get("/v1/ingests?dataset=" + name).jsonPath();
        assertThat(ingest.getString("items[0].state")).isEqualTo("failed");
        assertThat(ingest.getString("items[0].problem.detail")).contains("'a\uFFFD'");
    }

    @Test
    void aPinnedDateThatNoCellAndNoOptionExplainsIsRefused() {
        Response response = refused("a\n01/02/2024\n", Map.of("types", "a:date"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.jsonPath().getString("detail")).contains("day", "month", "01/02/2024");
    }

    @ParameterizedTest
    @CsvSource({"dmy, 2024-02-01", "mdy, 2024-01-02"})
    void dateOrderSaysWhatNoCellTells(String order, String date) {
        JsonPath view = put("a,b\n01/02/2024,13/02/2024\n", Map.of("dateOrder", order));

        assertThat(view.getList("columns.type")).isEqualTo(List.of("date", "date"));
        assertThat(view.getList("columns.min")).isEqualTo(List.of("01/02/2024", "13/02/2024"));
        assertThat(Api.rows(name, Map.of()).asString()).isEqualTo("[{\"a\":\"" + date + "\",\"b\":\"2024-02-13\"}]");
    }

    @Test
    void byValueNumbersAreNumbersHoweverTheyAreWritten() {
        String content = "a,b,c,d,e\n+5,1E5, 7 ,007,00501\n6,2.5e-3,-8,10,1\n,-1e2,, 0 ,x\n";

        JsonPath view = put(content, Map.of("types", "values,e:text"));

        assertThat(view.getList("columns.type")).isEqualTo(List.of("bigint", "numeric", "bigint", "bigint", "text"));
        assertThat(view.getList("columns.format").subList(0, 4)).containsOnly("by value");
        assertThat(Api.csv(name).asString()).isEqualTo("a,b,c,d,e\n5,100000,7,7,00501\n6,0.0025,-8,10,1\n,-100,,0,x\n");
    }

    @Test
    void byValueAColumnTurnsToTextWithTheValuesItHad() {
        JsonPath view = put("a\n" + "007\n".repeat(BEHIND_THE_SAMPLE / 4) + "x\n", Map.of("types", "values"));

        assertThat(view.getString("columns[0].type")).isEqualTo("text");
        assertThat(Api.rows(name, Map.of("a", "eq.7", "limit", "1")).asString()).isEqualTo("[{\"a\":\"7\"}]");
    }

    @Test
    void theSameFileWithOtherTypesIsAnotherVersion() {
        Api.put(name, "a\n1\n").then().statusCode(201);

        Response response = Api.put(name, "a\n1\n".getBytes(UTF_8), Map.of("types", "a:text"));

        assertThat(response.jsonPath().getInt("version")).isEqualTo(2);
        assertThat(Api.rows(name, Map.of()).asString()).isEqualTo("[{\"a\":\"1\"}]");
    }
}
