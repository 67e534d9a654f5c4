package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What people reported of tools of this kind, each with the outcome that is right. The link is to the report. */
class PublicReportsIT {

    private static JsonPath loaded(String name, String text, Map<String, ?> options) {
        Response response = Api.put(name, text.getBytes(UTF_8), options);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
        return response.jsonPath();
    }

    private static JsonPath loaded(String text) {
        return loaded(Api.newName(), text, Map.of());
    }

    private static JsonPath refused(byte[] body, Map<String, ?> options, String code) {
        Response response = Api.put(Api.newName(), body, options);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(422);
        assertThat(response.jsonPath().getString("code")).isEqualTo(code);
        return response.jsonPath();
    }

    private static JsonPath refused(String text, String code) {
        return refused(text.getBytes(UTF_8), Map.of(), code);
    }

    /** okfn/messytables, horror/excel_pasting.csv; wireservice/csvkit#50; OpenRefine/OpenRefine#1034. */
    @Test
    void groupsFromTenThousandOnAreNoDecimalCommas() {
        String name = Api.newName();
        String text = "town,pop\na,\"12,345\"\nb,5000\nc,\"103,500\"\nd,900\n";

        JsonPath view = loaded(name, text, Map.of());

        assertThat(view.getString("columns[1].type")).isEqualTo("text");
        assertThat(view.getList("columns[1].ruledOut.reason"))
                .contains("no value tells a decimal comma from digit groups");
        assertThat(Tables.cells(Api.source(name), ',')).isEqualTo(Tables.cells(text, ','));
        assertThat(loaded("v,w\n\"1,234\",x\n2019,y\n").getString("columns[0].type"))
                .isEqualTo("text");
    }

    /** duckdb/duckdb#15576. */
    @Test
    void titleAboveTheHeaderIsNotTheHeader() {
        JsonPath problem = refused(
                "Extraction of 2025-01-06\nidPlant;Owner;Type;Price\n101;Rossi;self;1,859\n102;Bianchi;served;1,799\n"
                        + "103;Verdi;self;2,015\n",
                "HEADER_UNCERTAIN");

        assertThat(problem.getString("raw")).isEqualTo("Extraction of 2025-01-06");
    }

    /** metabase/metabase#47279; the portals of India. */
    @Test
    void namesOfColumnsKeepTheirVowelSigns() {
        assertThat(loaded("राज्य,जिला,कुल मतदाता\nक,ख,12\nग,घ,15\n").getList("columns.name"))
                .containsExactly("राज्य", "जिला", "कुल_मतदाता");
    }

    /** OpenRefine/OpenRefine#1978. */
    @Test
    void quotesOfATextWithTabsAreLetters() {
        String text = "region\tn\tnote\nA\t1\tthe \"old\" one\nB\t2\t\"starts with a quote\nC\t3\t\"\"\nD\t4\tends\"\n";
        for (Map<String, ?> options : List.<Map<String, ?>>of(Map.of("format", "tsv"), Map.of(), Map.of("quote", ""))) {
            String name = Api.newName();

            JsonPath view = loaded(name, text, options);

            assertThat(view.getInt("rows")).isEqualTo(4);
            assertThat(view.getString("dialect.quote")).isNull();
            assertThat(Api.rows(name, Map.of("select", "note", "order", "n"))
                            .jsonPath()
                            .getList("note"))
                    .containsExactly("the \"old\" one", "\"starts with a quote", "\"\"", "ends\"");
        }
    }

    /** OpenRefine/OpenRefine#1978, arnaudroger/SimpleFlatMapper#692. */
    @Test
    void quoteThatSwallowsRecordsIsRefusedAtItsPlace() {
        String text = IntStream.rangeClosed(1, 3000)
                .mapToObj(i -> i + "|" + (i == 40 ? "\"" : "") + "Title " + i + (i == 2900 ? "\"" : "") + "|"
                        + (1900 + i % 100))
                .collect(Collectors.joining("\n", "id|title|year\n", "\n"));

        JsonPath problem = refused(text, "QUOTE_SPANS_RECORDS");

        assertThat(problem.getInt("row")).isEqualTo(40);
        assertThat(problem.getInt("byte")).isEqualTo(text.indexOf('"'));
        assertThat(loaded(Api.newName(), text, Map.of("quote", "")).getInt("rows"))
                .isEqualTo(3000);
        assertThat(loaded(Api.newName(), text, Map.of("quoteLines", 3000)).getInt("rows"))
                .isEqualTo(140);
    }

    /** APIs that answer 200 with an error. */
    @Test
    void errorInJsonIsNoTable() {
        refused("{\"error\": \"Not found\"}", "NOT_A_TABLE");
    }

    /** OCHA-DAP/hdx-ckan#3009. */
    @Test
    void pageInHtmlIsNoTable() {
        refused("<!DOCTYPE html>\n<html>\n<head><title>Log in, please</title></head>\n</html>\n", "NOT_A_TABLE");
    }

    /** dimitri/pgloader#448. */
    @Test
    void byteThatIsNoTextIsBlamedWithItsRowItsColumnAndItsCell() {
        byte[] bytes = "id,имя\n1,x\n".getBytes(Charset.forName("windows-1251"));
        assertThat(refused(bytes, Map.of(), "TEXT_INVALID").getInt("byte")).isEqualTo(3);

        byte[] cell = "id,name\n1,x\n2,Ми\n".getBytes(Charset.forName("windows-1251"));
        assertThat(refused(cell, Map.of(), "TEXT_INVALID").getMap(""))
                .containsAllEntriesOf(Map.of("row", 2, "byte", 14, "column", "name", "raw", "\uFFFD"));
    }

    /** shenwei356/csvtk#13, supabase/supabase-js#1474. */
    @Test
    void fileOfWhichNoRowFitsLeavesTheRowsBefore() {
        String name = Api.newName();
        String records = IntStream.range(0, 900)
                .mapToObj(i -> i + ";n" + i + ";" + i + ",5,0\n")
                .collect(Collectors.joining());
        loaded(name, "id;name;price\n" + records, Map.of());

        Response titled = Api.put(name, ("Prices, of all shops\nid;name;price\n" + records).getBytes(UTF_8), Map.of());
        Response insisting =
                Api.put(name, ("Prices, of all shops\n" + records).getBytes(UTF_8), Map.of("header", true));
        Response declared = Api.put(name, ("sep=,\nid;name;price\n" + records).getBytes(UTF_8), Map.of());

        assertThat(titled.jsonPath().getString("code")).isEqualTo("HEADER_UNCERTAIN");
        assertThat(insisting.jsonPath().getString("code")).isEqualTo("TOO_FEW_ROWS_FIT");
        assertThat(declared.statusCode()).isEqualTo(200);
        assertThat(declared.jsonPath().getInt("rows")).isEqualTo(900);
        assertThat(Api.rows(name, Map.of("select", "id.count()")).jsonPath().getInt("[0].count"))
                .isEqualTo(900);
    }

    @Test
    void loadFailsWhenMoreThanATenthAndMoreThanThreeRecordsDoNotFit() {
        String good = "1,2\n".repeat(36);
        assertThat(loaded("a,b\n" + good + "3\n".repeat(4)).getInt("rejects")).isEqualTo(4);
        JsonPath problem = refused("a,b\n" + good + "3\n".repeat(5), "TOO_FEW_ROWS_FIT");
        assertThat(problem.getMap("")).containsAllEntriesOf(Map.of("row", 37, "raw", "3"));
        assertThat(loaded("a,b\n1,2\n" + "3\n".repeat(3)).getInt("rejects")).isEqualTo(3);
        refused("a,b\n3\n", "TOO_FEW_ROWS_FIT");
        byte[] half = "a,b\n1,2\n3\n".getBytes(UTF_8);
        refused(half, Map.of("maxRejectShare", "0.4"), "TOO_FEW_ROWS_FIT");
        assertThat(loaded(Api.newName(), "a,b\n1,2\n3\n", Map.of("maxRejectShare", "0.5"))
                        .getInt("rejects"))
                .isEqualTo(1);
        assertThat(loaded(Api.newName(), "a,b\n3\n", Map.of("maxRejectShare", "1"))
                        .getInt("rows"))
                .isZero();
    }

    @Test
    void rejectThatHidesRecordsCountsForThemToo() {
        String name = Api.newName();
        String hiding = "3,\"4\n" + "5,6\n".repeat(20) + "7,8\"x\n";
        String text = "a,b\n" + "1,2\n".repeat(100) + hiding;

        refused(text, "TOO_FEW_ROWS_FIT");
        loaded(name, text, Map.of("maxRejectShare", "0.5"));

        assertThat(Api.get("/v1/datasets/" + name + "/versions/1/rejects")
                        .jsonPath()
                        .getInt("items[0].hides"))
                .isEqualTo(21);
    }

    @Test
    void fileWithoutHeaderIsLoadedIfThatIsSaid() {
        String name = Api.newName();
        String text = "1,Ann,2.50\n2,Bob,3.00\n";

        assertThat(refused(text, "HEADER_UNCERTAIN").getString("column")).isEqualTo("c_1");
        JsonPath view = loaded(name, text, Map.of("header", false));

        assertThat(view.getList("columns.name")).containsExactly("column_1", "column_2", "column_3");
        assertThat(view.getList("columns.type")).containsExactly("bigint", "text", "numeric");
        assertThat(view.getInt("rows")).isEqualTo(2);
        assertThat(view.getBoolean("dialect.header")).isFalse();
        assertThat(loaded(Api.newName(), text, Map.of("header", true)).getInt("rows"))
                .isEqualTo(1);
        assertThat(loaded("id,2019,2020\na,1,2\nb,3,4\n", Map.of("header", true))
                        .getInt("rows"))
                .isEqualTo(2);
        assertThat(loaded("id,2019\n1,2\n3,4\n").getInt("rows")).isEqualTo(2);
    }

    private static JsonPath loaded(String text, Map<String, ?> options) {
        return loaded(Api.newName(), text, options);
    }
}
