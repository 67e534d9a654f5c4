package dev.sluice.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Shared;
import dev.sluice.harness.Sql;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadIT {

    private static void assertProblem(Response response, int status, String code) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).isEqualTo("application/problem+json");
        assertThat(response.jsonPath().getString("code")).isEqualTo(code);
        assertThat(response.jsonPath().getInt("status")).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a,b\n1,x\n2,y\n",
                "a,b\r\n1,x\r\n2,y\r\n",
                "a,b\r1,x\r2,y",
                "a;b\n1;x\n2;y",
                "a|b\n1|x\n2|y\n",
                "a\tb\n1\tx\n2\ty\n",
                "\uFEFFa,b\n1,x\n2,y\n",
                "\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"y\""
            })
    void everyWayToWriteTheSameTableGivesTheSameTable(String content) {
        String name = Api.newName();

        Api.put(name, content).then().statusCode(201);

        assertThat(Api.rows(name, Map.of()).asString()).isEqualTo("[{\"a\":1,\"b\":\"x\"},{\"a\":2,\"b\":\"y\"}]");
    }

    @Test
    void aProblemSaysWhichCellItIsAboutAndSoDoesItsIngest() {
        String name = Api.newName();
        String cell = "<b>\u202Eno number</b>";
        Response refused =
                Api.put(name, ("n\n1\n" + cell + "\n").getBytes(UTF_8), Map.of("types", "n:bigint", "maxRejects", "0"));
        assertProblem(refused, 422, "TOO_MANY_REJECTS");
        Map<String, Object> place = Map.of("row", 2, "column", "n", "raw", cell);
        assertThat(refused.jsonPath().getMap("")).containsAllEntriesOf(place);
        assertThat(Api.get("/v1/ingests?dataset=" + name).jsonPath().getMap("items[0].problem"))
                .containsAllEntriesOf(place)
                .containsEntry("code", "TOO_MANY_REJECTS")
                .containsEntry("title", refused.jsonPath().getString("title"));
    }

    @Test
    void aRawTextIsStoredShortenedAndWithoutNul() {
        String name = Api.newName();
        String record = "\0" + "é".repeat(10_000) + ",2,3";
        assertProblem(Api.put(name, ("a,b\n" + record + "\n").getBytes(UTF_8), Map.of()), 422, "TEXT_INVALID");
        String wide = "é".repeat(10_000) + ",2,3";
        Response refused = Api.put(name, ("a,b\n" + wide + "\n").getBytes(UTF_8), Map.of("onBadRow", "fail"));
        assertProblem(refused, 422, "TOO_MANY_REJECTS");
        assertThat(refused.jsonPath().getString("raw")).isEqualTo("é".repeat(512));
        assertThat(Api.get("/v1/ingests?dataset=" + name).jsonPath().getString("items[0].problem.raw"))
                .isEqualTo("é".repeat(512));
    }

    @Test
    void datasetsAreFoundByATextOfTheirNameOrTitle() {
        String name = Api.newName();
        Api.put(name, "a\n1\n").then().statusCode(201);
        Api.patch("/v1/datasets/" + name, "{\"title\":\"50 % of \\u00DCnits_" + name + "\"}")
                .then()
                .statusCode(200);
        for (String text : List.of(name, name.toUpperCase(Locale.ROOT), "% of ünits_" + name)) {
            assertThat(found(text)).as(text).contains(name);
        }
        assertThat(found("_ of Ünits_" + name))
                .as("nothing in it stands for something else")
                .isEmpty();
        assertThat(found("x".repeat(100))).isEmpty();
        for (String text : List.of("x".repeat(101), "\0")) {
            assertProblem(Api.search(text), 400, "QUERY_INVALID");
        }
    }

    private static List<String> found(String text) {
        return Api.search(text).jsonPath().getList("items.name");
    }

    @Test
    void nullAndTheEmptyStringAreToldApart() {
        String name = Api.newName();

        Api.put(name, "a,b\n\"\",\nx,1\n").then().statusCode(201);

        assertThat(Api.rows(name, Map.of()).asString()).isEqualTo("[{\"a\":\"\",\"b\":null},{\"a\":\"x\",\"b\":1}]");
        assertThat(Api.source(name)).isEqualTo("a,b\n\"\",\nx,1\n");
    }

    @Test
    void badRowsAreKeptOutAndCounted() {
        String name = Api.newName();

        JsonPath view = Api.put(name, "a,b\n1,2\n3\n4,5,6\n7,8\n").jsonPath();

        assertThat(view.getInt("rows")).isEqualTo(2);
        assertThat(view.getInt("rejects")).isEqualTo(2);
        assertThat(Api.rows(name, Map.of("select", "_row,a")).asString())
                .isEqualTo("[{\"_row\":1,\"a\":1},{\"_row\":4,\"a\":7}]");
        assertThat(Sql.query("""
                SELECT r.row_number || ' ' || r.raw || ' ' || r.reason FROM sluice.reject r
                JOIN sluice.version_segment USING (segment_id) JOIN sluice.version v ON v.id = version_id
                JOIN sluice.dataset d ON d.id = v.dataset_id WHERE d.name = '""" + name + "' ORDER BY r.row_number"))
                .containsExactly("2 3 too_few_fields", "3 4,5,6 too_many_fields");
    }

    @Test
    void moreBadRowsThanAllowedFailTheIngestAndChangeNothing() {
        String name = Api.newName();
        Api.put(name, "a,b\n1,2\n").then().statusCode(201);

        assertProblem(
                Api.put(name, "a,b\n1\n2\n3\n".getBytes(UTF_8), Map.of("maxRejects", 2)), 422, "TOO_MANY_REJECTS");
        assertProblem(Api.put(name, "a,b\n1\n".getBytes(UTF_8), Map.of("onBadRow", "fail")), 422, "TOO_MANY_REJECTS");

        assertThat(Api.csv(name).asString()).isEqualTo("a,b\n1,2\n");
    }

    @Test
    void aFailureAtTheStartOfALargeBodyIsAnswered() {
        byte[] large = ("a,b\n" + "1\n".repeat(5000) + "1,2\n".repeat(10_000_000)).getBytes(UTF_8);

        assertProblem(Api.put(Api.newName(), large, Map.of()), 422, "TOO_MANY_REJECTS");
    }

    @Test
    void bodiesThatAreNoTableAreRefused() {
        assertProblem(Api.put(Api.newName(), ""), 422, "BODY_EMPTY");
        assertProblem(Api.put(Api.newName(), "\n\n"), 422, "BODY_EMPTY");
        assertProblem(Api.put(Api.newName(), "a,b\n1,\"2\n"), 422, "QUOTE_UNTERMINATED");
        Response latin = Api.put(Api.newName(), "a,b\nx,é\n".getBytes(ISO_8859_1), Map.of());
        assertProblem(latin, 422, "TEXT_INVALID");
        assertThat(latin.jsonPath().getMap(""))
                .containsAllEntriesOf(Map.of("row", 1, "byte", 6, "column", "b", "raw", "\uFFFD"));
        Response binary = Api.put(Api.newName(), new byte[] {'P', 'K', 3, 4, 0, 0, 0}, Map.of());
        assertProblem(binary, 422, "NOT_A_TABLE");
    }

    @Test
    void brokenTextFarInSaysItsRow() {
        String good = "a,b\n" + "1,2\n".repeat(1_000_000);
        byte[] body = (good + "3,\u0000\n").getBytes(UTF_8);

        Response response = Api.put(Api.newName(), body, Map.of());

        assertProblem(response, 422, "TEXT_INVALID");
        assertThat(response.jsonPath().getInt("row")).isEqualTo(1_000_001);
        assertThat(response.jsonPath().getInt("byte")).isEqualTo(good.length() + 2);
    }

    @Test
    void namesAndOptionsAreChecked() {
        assertProblem(Api.put("Bad", "a\n1\n"), 400, "NAME_INVALID");
        assertProblem(Api.put("x".repeat(64), "a\n1\n"), 400, "NAME_INVALID");
        assertProblem(Api.put("ok", "a\n1\n".getBytes(UTF_8), Map.of("nope", 1)), 400, "OPTION_INVALID");
    }

    @Test
    void tableOfTooManyColumnsIsRefusedAndTheWidestIsNot() {
        assertProblem(Api.put(Api.newName(), header(1600) + "\n"), 422, "TOO_MANY_COLUMNS");

        String name = Api.newName();
        String sparse = header(1599) + "\n" + "7" + ",".repeat(1598) + "\n";
        Api.put(name, sparse).then().statusCode(201);
        assertThat(Api.source(name)).isEqualTo(sparse);
    }

    @Test
    void rowTooWideForAPageIsARejectWhateverItsTypes() {
        for (String cell : List.of("123456789", "1.5", "text of some length", "x".repeat(100), "2024-01-01 00:00")) {
            String name = Api.newName();
            String wide = IntStream.range(0, 1599).mapToObj(i -> cell).collect(Collectors.joining(","));
            String narrow = cell + ",".repeat(1598);

            JsonPath view = Api.put(name, header(1599) + "\n" + wide + "\n" + narrow + "\n")
                    .jsonPath();

            assertThat(view.getInt("rows")).as(cell).isEqualTo(1);
            assertThat(view.getInt("rejects")).as(cell).isEqualTo(1);
        }
    }

    /** Its only row may be too wide. */
    private static Response putAtAnyShare(String name, String text) {
        return Api.put(name, text.getBytes(UTF_8), Map.of("maxRejectShare", "1"));
    }

    @Test
    void rowsJustNarrowEnoughArePutInAtEveryWidth() {
        // Around the limit no row may abort the load: PostgreSQL and the estimate must agree, or the estimate be
        // stricter.
        for (int columns = 900; columns <= 1100; columns += 7) {
            String row = IntStream.range(0, columns).mapToObj(i -> "12345678").collect(Collectors.joining(","));
            putAtAnyShare(Api.newName(), header(columns) + "\n" + row + "\n")
                    .then()
                    .statusCode(201);
        }
        for (int columns = 330; columns <= 480; columns += 7) {
            String row = IntStream.range(0, columns)
                    .mapToObj(i -> "0198c3f0-0000-7000-8000-0123456789a" + "b,x".repeat(1))
                    .collect(Collectors.joining(","));
            putAtAnyShare(Api.newName(), header(2 * columns) + "\n" + row + "\n")
                    .then()
                    .statusCode(201);
        }
    }

    @Test
    void rowsOfDecimalsArePutInUpToTheRealLimit() {
        for (int columns = 1000; columns <= 1240; columns += 16) {
            String name = Api.newName();
            String row = IntStream.range(0, columns).mapToObj(i -> "1.5").collect(Collectors.joining(","));
            int rows = putAtAnyShare(name, header(columns) + "\n" + row + "\n")
                    .jsonPath()
                    .getInt("rows");

            // 24 bytes of header, _row, and 7 of each decimal
            assertThat(rows).as("%d columns", columns).isEqualTo(24 + 8 + 7 * columns <= 8160 ? 1 : 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "0198c3f0-0000-7000-8000-0123456789ab", "2024-01-31", "7", "1.50", "x"})
    void columnThatIsEmptyForLongGetsTheTypeOfItsFirstValue(String value) {
        String name = Api.newName();
        String source = "a,late\n" + "x,\n".repeat(1_000_000) + "x," + value + "\n";

        JsonPath view = Api.put(name, source).jsonPath();

        assertThat(view.getString("columns[1].min")).isEqualTo(value);
        assertThat(view.getLong("columns[1].nulls")).isEqualTo(1_000_000);
        assertThat(Api.source(name)).isEqualTo(source);
    }

    @Test
    void labelLongerThanTheLimitIsRefused() {
        assertProblem(Api.put(Api.newName(), "a," + "\uFDFA".repeat(667) + "\n1,2\n"), 422, "HEADER_INVALID");
        Api.put(Api.newName(), "a," + "\uFDFA".repeat(666) + "\n1,2\n").then().statusCode(201);
    }

    @Test
    void numbersThatNoTypeHoldsStayText() {
        for (String cell : List.of("1e00000000001", "1e10000000000", "0." + "1".repeat(3_000_000), "4.9e-324")) {
            String name = Api.newName();
            JsonPath view = Api.put(name, "x,y\n" + cell + ",1\n").jsonPath();

            assertThat(view.getString("columns[0].type")).isEqualTo("text");
            assertThat(Api.source(name)).isEqualTo("x,y\n" + cell + ",1\n");
        }
    }

    private static String header(int columns) {
        return IntStream.range(0, columns).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
    }

    @Test
    void aChunkedBodyIsReadToItsEnd() {
        String name = Api.newName();

        try (Client client = Client.uploading(Shared.service(), name)) {
            client.chunk("a,b\n1").chunk(",2\n").end();
            assertThat(client.readAll()).startsWith("HTTP/1.1 201");
        }

        assertThat(Api.csv(name).asString()).isEqualTo("a,b\n1,2\n");
    }

    @Test
    void expectingClientsAreRefusedBeforeTheySendAndElseToldToGoOn() {
        String headers =
                " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 8\r\n\r\n";
        String proceed = "HTTP/1.1 100 Continue\r\n\r\n";

        try (Client client = Client.to(Shared.service())) {
            client.send("PUT /v1/datasets/BAD" + headers);
            assertThat(client.read(proceed.length())).startsWith("HTTP/1.1 400");
        }
        try (Client client = Client.to(Shared.service())) {
            client.send("PUT /v1/datasets/" + Api.newName() + headers);
            assertThat(client.read(proceed.length())).isEqualTo(proceed);
            client.send("a,b\n1,2\n");
            assertThat(client.readAll()).startsWith("HTTP/1.1 201");
        }
    }

    /** Together they are several times what the processes have; and each is sent before its answer is looked at. */
    @Test
    void whatRefusedClientsSendIsNotKept() {
        String name = Api.newName();
        byte[] content = ("a,b\n" + "1,some text\n".repeat(500_000)).getBytes(UTF_8);
        String request =
                "PUT /v1/datasets/" + name + " HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: " + name + "\r\n";
        try (Client running = Client.to(Shared.service())) {
            running.send(request + "Transfer-Encoding: chunked\r\n\r\n").chunk("a,b\n1");
            Await.until(
                    "it runs",
                    Duration.ofSeconds(20),
                    () -> !Sql.query("SELECT id FROM sluice.ingest WHERE dataset = '" + name + "'")
                            .isEmpty());
            for (int i = 0; i < 100; i++) {
                try (Client refused = Client.to(Shared.service())) {
                    refused.send(request + "Content-Length: " + content.length + "\r\n\r\n")
                            .send(content);
                    assertThat(refused.readAll()).startsWith("HTTP/1.1 409").contains("IDEMPOTENCY_RUNNING");
                }
            }
            running.chunk(",2\n").end();
            assertThat(running.readAll()).startsWith("HTTP/1.1 201");
        }
    }

    @Test
    void partOfAFileIsRefused() {
        try (Client client = Client.to(Shared.service())) {
            client.send("PUT /v1/datasets/part HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Content-Range: bytes 0-7/100\r\nContent-Length: 8\r\n\r\na,b\n1,2\n");
            assertThat(client.readAll()).startsWith("HTTP/1.1 400").contains("REQUEST_INVALID");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100_000, 1_500_000})
    void clientThatGoesAwayLeavesTheOldVersionAndAFailedIngest(int rows) {
        String name = Api.newName();
        Api.put(name, "a,b\n0,0\n").then().statusCode(201);
        try (Client client = Client.to(Shared.service())) {
            client.send(
                    "PUT /v1/datasets/" + name + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n");
            client.send("a,b\n" + "1,2\n".repeat(rows));
            // Who is gone before the request is read has begun nothing, and there is nothing to record.
            Await.until(
                    "the ingest is on record",
                    Duration.ofSeconds(20),
                    () -> !Sql.query(
                                    "SELECT id FROM sluice.ingest WHERE state = 'running' AND dataset = '" + name + "'")
                            .isEmpty());
        }

        String ended = "SELECT state || ' ' || problem_code FROM sluice.ingest WHERE dataset = '" + name
                + "' AND finished_at IS NOT NULL AND version IS NULL";
        Await.until(
                "the ingest has failed",
                Duration.ofSeconds(20),
                () -> Sql.query(ended).equals(List.of("failed BODY_INCOMPLETE")));
        assertThat(Api.csv(name).asString()).isEqualTo("a,b\n0,0\n");
        assertThat(Sql.query("SELECT l.job FROM sluice.lease l JOIN sluice.ingest i ON i.id = l.job WHERE i.dataset = '"
                        + name + "'"))
                .isEmpty();
    }

    @Test
    void theIngestOfAnUploadCanBeSeen() {
        String name = Api.newName();
        Api.put(name, "a,b\n1,2\n").then().statusCode(201);
        String id = Sql.query("SELECT id FROM sluice.ingest WHERE dataset = '" + name + "'")
                .getFirst();

        JsonPath view =
                Api.get("/v1/ingests/" + id).then().statusCode(200).extract().jsonPath();

        assertThat(view.getString("state")).isEqualTo("succeeded");
        assertThat(view.getInt("version")).isEqualTo(1);
        assertThat(view.getInt("progress.rows")).isEqualTo(1);
        assertThat(view.getInt("progress.bytes")).isEqualTo(8);
        assertThat(view.getString("source.kind")).isEqualTo("upload");
        Api.get("/v1/ingests/nope").then().statusCode(404);
        Api.get("/v1/ingests/00000000-0000-7000-8000-000000000000").then().statusCode(404);
    }
}
