package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Await;
import dev.sluice.harness.Sql;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that are indexed from the first moment on, or later while they are read. */
class IndexIT {
    private final String name = Api.newName();

    private Response put(String content, String index) {
        return Api.put(name, content.getBytes(UTF_8), Map.of("index", index));
    }

    private List<String> indexed() {
        return Sql.query(
                "SELECT substring(indexdef FROM '\\((.*)\\)') FROM pg_indexes JOIN sluice.segment s ON tablename = s.table_name"
                        + " JOIN sluice.version_segment v ON v.segment_id = s.id"
                        + " JOIN sluice.dataset d ON d.current_version_id = v.version_id WHERE d.name = '" + name
                        + "' ORDER BY 1");
    }

    @Test
    void columnsAreIndexedByTheirNamesOrTheirLabels() {
        put("Zip Code,city,n\n01234,a,1\n01235,b,2\n", "Zip Code, n").then().statusCode(201);
        assertThat(indexed()).containsExactly("_row", "n", "zip_code");
        assertThat(Api.rows(name, Map.of("n", "eq.2")).jsonPath().getString("[0].zip_code"))
                .isEqualTo("01235");
    }

    @Test
    void anIndexIsOfTheTypeThatIsFoundBehindTheSample() {
        put("n\n" + "1\n".repeat(2_300_000) + "x\n", "n").then().statusCode(201);
        assertThat(Sql.query("EXPLAIN SELECT * FROM data.\"" + table() + "\" WHERE n = 'x'")
                        .toString())
                .contains("Index");
    }

    private String table() {
        return Sql.query(
                        "SELECT s.table_name FROM sluice.segment s JOIN sluice.version_segment v ON v.segment_id = s.id"
                                + " JOIN sluice.dataset d ON d.current_version_id = v.version_id WHERE d.name = '"
                                + name + "'")
                .getFirst();
    }

    @Test
    void theSameFileWithAnotherIndexIsAnotherVersion() {
        put("a,b\n1,2\n", "a").then().statusCode(201);
        assertThat(put("a,b\n1,2\n", "a").jsonPath().getInt("version")).isEqualTo(1);
        assertThat(put("a,b\n1,2\n", "a,b").jsonPath().getInt("version")).isEqualTo(2);
        assertThat(indexed()).containsExactly("_row", "a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c", "", "a,", "a,a", "a,b,c", "a,b,c,d,e,f,g,h,i,j,k", "_row"})
    void columnsThatCannotBeIndexedAreRefused(String index) {
        Response refused = put("a,b\n1,2\n", index);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("OPTION_INVALID");
        Api.get("/v1/datasets/" + name).then().statusCode(404);
    }

    @Test
    void aValueThatIsTooLongForAnIndexIsRefusedWithItsColumn() {
        byte[] random = new byte[9_000];
        new Random(7).nextBytes(random);
        Response refused = put("a,b\n1," + Base64.getEncoder().encodeToString(random) + "\n", "a,b");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("INDEX_IMPOSSIBLE");
        assertThat(refused.jsonPath().getString("detail")).contains("'b'");
        Api.get("/v1/datasets/" + name).then().statusCode(404);
        assertThat(put("a,b\n1,2\n", "a,b").statusCode()).isEqualTo(201);
    }

    private Response patch(String json) {
        return Api.patch("/v1/datasets/" + name, json);
    }

    /** The state of each column's index. */
    private Map<String, String> states() {
        Map<String, String> states = new TreeMap<>();
        Api.get("/v1/datasets/" + name)
                .jsonPath()
                .getList("columns", Map.class)
                .forEach(c -> states.put((String) c.get("name"), String.valueOf(c.get("index"))));
        return states;
    }

    private void awaitStates(Map<String, String> expected) {
        Await.until("indexes are " + expected, Duration.ofSeconds(60), () -> states().equals(expected));
    }

    @Test
    void aPatchHasColumnsOfTheCurrentVersionIndexedAndOthersNoLonger() {
        put("Zip Code,city,n\n01234,a,1\n01235,b,2\n", "n").then().statusCode(201);
        assertThat(states()).isEqualTo(Map.of("zip_code", "null", "city", "null", "n", "ready"));

        Response patched = patch("{\"index\":[\"Zip Code\",\"n\"]}");

        assertThat(patched.statusCode()).isEqualTo(200);
        assertThat(patched.jsonPath().getList("columns.index")).containsExactly("building", null, "ready");
        awaitStates(Map.of("zip_code", "ready", "city", "null", "n", "ready"));
        assertThat(indexed()).containsExactly("_row", "n", "zip_code");
        patch("{\"index\":[\"city\"]}").then().statusCode(200);
        awaitStates(Map.of("zip_code", "null", "city", "ready", "n", "null"));
        assertThat(indexed()).containsExactly("_row", "city");
        patch("{\"title\":\"T\"}").then().statusCode(200);
        assertThat(states()).containsEntry("city", "ready");
        patch("{\"index\":null}").then().statusCode(200);
        awaitStates(Map.of("zip_code", "null", "city", "null", "n", "null"));
        assertThat(indexed()).containsExactly("_row");
    }

    @Test
    void theSameFileWithTheSameListHasTheIndexesOfTheListAgain() {
        put("a,b\n1,2\n", "a").then().statusCode(201);
        patch("{\"index\":[\"b\"]}").then().statusCode(200);
        awaitStates(Map.of("a", "null", "b", "ready"));

        Response unchanged = put("a,b\n1,2\n", "a");

        assertThat(unchanged.statusCode()).isEqualTo(200);
        assertThat(unchanged.jsonPath().getInt("version")).isEqualTo(1);
        assertThat(unchanged.jsonPath().getString("columns[0].index")).isIn("building", "ready");
        awaitStates(Map.of("a", "ready", "b", "null"));
        assertThat(indexed()).containsExactly("_row", "a");
    }

    @Test
    void theSameFileWithoutAListLeavesTheIndexesAsTheyAre() {
        Api.put(name, "a,b\n1,2\n").then().statusCode(201);
        patch("{\"index\":[\"b\"]}").then().statusCode(200);
        awaitStates(Map.of("a", "null", "b", "ready"));

        Api.put(name, "a,b\n1,2\n").then().statusCode(200);

        assertThat(states()).isEqualTo(Map.of("a", "null", "b", "ready"));
    }

    @Test
    void anIndexIsMadeWhileTheTableIsReadAndIsDroppedWhenItIsNotRead() throws SQLException {
        put("a,b\n1,2\n", "b").then().statusCode(201);
        try (Connection c = Sql.connect();
                Statement reading = c.createStatement()) {
            c.setAutoCommit(false);
            reading.executeQuery("SELECT * FROM data.\"" + table() + "\"").close();

            patch("{\"index\":[\"a\"]}").then().statusCode(200);

            awaitStates(Map.of("a", "ready", "b", "dropping"));
            assertThat(indexed()).containsExactly("_row", "a", "b");
            c.rollback();
        }
        awaitStates(Map.of("a", "ready", "b", "null"));
    }

    @Test
    void anIndexThatCannotBeMadeHasFailedAndReadersSeeNothingOfIt() {
        byte[] random = new byte[9_000];
        new Random(7).nextBytes(random);
        put("a,b\n1," + Base64.getEncoder().encodeToString(random) + "\n", "a")
                .then()
                .statusCode(201);

        patch("{\"index\":[\"a\",\"b\"]}").then().statusCode(200);

        awaitStates(Map.of("a", "ready", "b", "failed"));
        assertThat(indexed()).containsExactly("_row", "a");
        Api.rows(name, Map.of("a", "eq.1")).then().statusCode(200);
        patch("{\"index\":[\"a\"]}").then().statusCode(200);
        assertThat(states()).containsEntry("b", "null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"c\"]",
                "[\"\"]",
                "[\"a\",\"a\"]",
                "[\"_row\"]",
                "[1]",
                "[null]",
                "[[\"a\"]]",
                "\"a\"",
                "{}",
                "true",
                "[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]"
            })
    void aPatchOfColumnsThatCannotBeIndexedIsRefusedAsAWhole(String index) {
        put("a,b\n1,2\n", "a").then().statusCode(201);
        Response refused = patch("{\"title\":\"T\",\"index\":" + index + "}");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.jsonPath().getString("code")).isEqualTo("REQUEST_INVALID");
        assertThat(states()).isEqualTo(Map.of("a", "ready", "b", "null"));
        assertThat(Api.get("/v1/datasets/" + name).jsonPath().getString("title"))
                .isNull();
    }
}
