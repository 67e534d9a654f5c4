package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Api;
import dev.sluice.harness.Client;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Shared;
import dev.sluice.harness.Sql;
import io.restassured.response.Response;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowsIT {
    private static final String NAME = Api.newName();

    @BeforeAll
    static void load() {
        Api.put(NAME, """
                        n,label,day,done,amount,at
                        1,"a,b",2024-01-31,Y,0.50,2024-01-01T10:00:00+02:00
                        2,,2024-02-01,N,,2024-01-02T10:00:00+02:00
                        3,"",,,1.25,
                        4,O'Brien,2024-02-03,Y,-3.00,2024-01-04T10:00:00+02:00
                        """).then().statusCode(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n=eq.2|2",
                "n=neq.2|1,3,4",
                "n=gt.2|3,4",
                "n=gte.2|2,3,4",
                "n=lt.2|1",
                "n=lte.2|1,2",
                "n=in.(1,4)|1,4",
                "n=not.in.(1,4)|2,3",
                "label=is.null|2",
                "label=not.is.null|1,3,4",
                "label=eq.|3",
                "label=in.(\"a,b\",x)|1",
                "label=eq.O'Brien|4",
                "done=is.true|1,4",
                "done=eq.false|2",
                "done=is.unknown|3",
                "day=gt.2024-01-31|2,4",
                "amount=lt.1|1,4",
                "at=gt.2024-01-02T00:00:00Z|2,4",
                "_row=eq.3|3",
                "n=in.()|",
                "order=n.desc|4,3,2,1",
                "order=amount.desc.nullslast|3,1,4,2",
                "order=amount.nullsfirst|2,4,1,3",
                "order=done.desc,n.desc|3,4,1,2",
                "limit=2|1,2",
                "offset=3|4"
            })
    void filtersAndOrdersAsPostgrestDoes(String query, String rows) {
        String[] parts = query.split("=", 2);

        List<Integer> found =
                Api.rows(NAME, Map.of(parts[0], parts[1])).jsonPath().getList("n");

        assertThat(String.join(",", found.stream().map(String::valueOf).toList()))
                .isEqualTo(rows == null ? "" : rows);
    }

    @Test
    void typesArriveAsJson() {
        assertThat(Api.rows(NAME, Map.of("n", "eq.1")).asString())
                .isEqualTo("[{\"n\":1,\"label\":\"a,b\",\"day\":\"2024-01-31\",\"done\":true,\"amount\":0.50,"
                        + "\"at\":\"2024-01-01T08:00:00+00:00\"}]");
        assertThat(Api.rows(NAME, Map.of("select", "who:label,_row", "n", "eq.4"))
                        .asString())
                .isEqualTo("[{\"who\":\"O'Brien\",\"_row\":4}]");
        assertThat(Api.rows(NAME, Map.of("n", "gt.9")).asString()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource({"csv,text/csv", "ndjson,application/x-ndjson", "json,application/json"})
    void aLinkMayAskForAFile(String ending, String type) {
        Response file = Api.get("/rest/v1/" + NAME + "?select=n&n=lt.3&_download=" + ending);
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(file.contentType()).startsWith(type);
        assertThat(file.header("Content-Disposition"))
                .isEqualTo("attachment; filename=\"" + NAME + "-v1." + ending + "\"");
        assertThat(file.asString().strip()).isIn("n\n1\n2", "{\"n\":1}\n{\"n\":2}", "[{\"n\":1},{\"n\":2}]");
        assertThat(file.header("ETag"))
                .isNotEqualTo(Api.get("/rest/v1/" + NAME + "?select=n&n=lt.3").header("ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"_download=", "_download=xlsx", "_download=csv&_download=json"})
    void aFileIsOfAFormatThatThereIs(String query) {
        Response refused = Api.get("/rest/v1/" + NAME + "?" + query);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.jsonPath().getString("problem")).isEqualTo("QUERY_INVALID");
    }

    @Test
    void csvTellsNullFromTheEmptyString() {
        assertThat(Api.csv(NAME + "?select=label,amount").asString())
                .isEqualTo("label,amount\n\"a,b\",0.50\n,\n\"\",1.25\nO'Brien,-3.00\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n=eq.x",
                "n=eq.",
                "n=eq.99999999999999999999",
                "day=eq.2024-02-30",
                "done=eq.maybe",
                "amount=eq.1e999999",
                "at=eq.never",
                "limit=-1",
                "n=foo.1",
                "n=eq",
                "select=n,n",
                "n=in.(1",
                "offset=9999999999999999999"
            })
    void whatCannotBeUnderstoodIsTheClientsMistake(String query) {
        String[] parts = query.split("=", 2);

        Response response = Api.rows(NAME, Map.of(parts[0], parts[1]));

        assertThat(response.statusCode()).as(response.asString()).isEqualTo(400);
        assertThat(response.jsonPath().getString("problem")).isEqualTo("QUERY_INVALID");
        assertThat(response.jsonPath().getString("code")).matches("PGRST100|[0-9A-Z]{5}");
        assertThat(response.jsonPath().getString("message"))
                .isEqualTo(response.jsonPath().getString("detail"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "label=eq.%00",
                "label=eq.%ED%A0%80",
                "label=eq.%FF",
                "%00=eq.1",
                "label=eq.%2",
                "n=eq.1&n=%",
                "limit=%31%00",
                "select=%22;drop%20table%20sluice.dataset;--",
                "order=n;select%201",
                "n=eq.1)%20or%20(1=1",
                "label=eq.'%3B--",
                "select=n:label%00",
                "label=in.(%22)",
                "select=",
                "order=",
                "order=n..desc",
                "select=*,*"
            })
    void hostileTextIsRefusedOrHarmless(String query) {
        try (Client client = Client.to(Shared.service())) {
            client.send(
                    "GET /rest/v1/" + NAME + "?" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String status = client.readAll().substring(9, 12);
            assertThat(status).isIn("200", "400", "404");
        }
        Api.rows(NAME, Map.of()).then().statusCode(200);
    }

    @Test
    void unknownNamesVersionsAndColumnsAreNotFound() {
        for (String path : List.of("nope", NAME + "@2")) {
            Api.get("/rest/v1/" + path).then().statusCode(404).contentType("application/problem+json");
        }
        for (String path : List.of(NAME + "?nope=eq.1", NAME + "?select=nope")) { // as PostgREST has it
            Response response = Api.get("/rest/v1/" + path);
            response.then().statusCode(400).contentType("application/problem+json");
            assertThat(response.jsonPath().getString("code")).isEqualTo("42703");
        }
        for (String path : List.of("Nope", NAME + "@x", NAME + "@0", NAME + "@99999999999", NAME + "@")) {
            Api.get("/rest/v1/" + path).then().statusCode(400);
        }
    }

    @Test
    void oneObjectIsOneRowHoweverLargeItIs() {
        String name = Api.newName();
        Api.put(name, "n,t\n1," + "x".repeat(40_000) + "\n2," + "y".repeat(40_000) + "\n")
                .then()
                .statusCode(201);
        String object = "application/vnd.pgrst.object+json";
        Response two = Api.get("/rest/v1/" + name, Map.of("Accept", object));
        assertThat(two.statusCode()).isEqualTo(406);
        assertThat(two.jsonPath().getString("details")).isEqualTo("The result contains 2 rows");
        Response one = Api.get("/rest/v1/" + name + "?n=eq.2", Map.of("Accept", object));
        assertThat(one.jsonPath().getInt("n")).isEqualTo(2);
        assertThat(Api.get("/rest/v1/" + name + "?offset=2", Map.of("Accept", object))
                        .jsonPath()
                        .getString("details"))
                .isEqualTo("The result contains 0 rows");
    }

    @Test
    void aLargePageSaysHowManyThereAre() {
        String name = Api.newName();
        Api.put(name, "n,t\n" + ("123456789," + "x".repeat(40) + "\n").repeat(9_000))
                .then()
                .statusCode(201);
        Response page = Api.get("/rest/v1/" + name + "?n=gt.5&limit=8000", Map.of("Prefer", "count=exact"));
        assertThat(page.statusCode()).isEqualTo(206);
        assertThat(page.header("Content-Range")).isEqualTo("0-7999/9000");
        assertThat(Api.get("/rest/v1/" + name + "?n=gt.5&limit=8000", Map.of("Prefer", "count=planned"))
                        .header("Content-Range"))
                .matches("\\*/\\d+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "or=( n.eq.1 , and( n.eq.2,label.is.null ) )",
                "n=in.( 1, 2)",
                "select=n, label&n=lte.2",
                "n=lte.2&order=n.asc, label"
            })
    void blanksStandWhereTheyMay(String query) {
        Response answer = Api.get("/rest/v1/" + NAME + "?" + query);
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        assertThat(answer.jsonPath().<Integer>getList("n")).containsExactly(1, 2);
    }

    /** PostgreSQL has several ways to say so, one of them as an internal error of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"((((a{1,9}){1,9}){1,9}){1,9}){1,9}", "((a{1,255}){1,255}b)*"})
    void expressionsThatNeedTooMuchMemoryAreRefused(String pattern) {
        Response answer = Api.rows(NAME, Map.of("label", "match." + pattern));
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(400);
    }

    @Test
    void namesAndNumbersOfColumnsAreBounded() {
        String key = "k".repeat(63);
        for (String select : List.of("*,".repeat(500) + "*", "label->>" + key + "1,count()")) {
            Response answer = Api.rows(NAME, Map.of("select", select));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.jsonPath().getString("code")).isEqualTo("54000");
        }
    }

    @Test
    void anErrorBehindTheFirstByteCutsTheConnection() {
        String large = Api.newName();
        Api.put(large, "a,b\n" + "1,some text\n".repeat(1_000_000)).then().statusCode(201);
        try (Client client = Client.to(Shared.service())) {
            client.send("GET /rest/v1/" + large + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(client.read(100_000)).startsWith("HTTP/1.1 200");

            assertThat(Sql.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity, sluice.dataset d"
                            + " JOIN sluice.version_segment v ON v.version_id = d.current_version_id"
                            + " JOIN sluice.segment s ON s.id = v.segment_id"
                            + " WHERE application_name = 'sluice-reader' AND state <> 'idle' AND d.name = '" + large
                            + "' AND query LIKE '%' || s.table_name || '%'"))
                    .containsExactly("t");

            assertThat(client.whatIsLeft()).doesNotEndWith("0\r\n\r\n");
        }
        Api.rows(large, Map.of("limit", 1)).then().statusCode(200);
    }

    @Test
    void aClientThatGoesAwayFreesItsConnection() {
        String large = Api.newName();
        Api.put(large, "a,b\n" + "1,some text\n".repeat(1_000_000)).then().statusCode(201);
        for (int i = 0; i < 40; i++) { // more than the reading pool has connections
            try (Client client = Client.to(Shared.service())) {
                client.send("GET /rest/v1/" + large + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
                client.read(1000);
            }
        }
        Api.rows(large, Map.of("limit", 1)).then().statusCode(200);
    }

    @Test
    void columnsMayBeCalledAsAnythingInTheQueryIs() {
        String name = Api.newName();
        Api.put(name, "r,t,x,greatest\n1,2,3,4\n").then().statusCode(201);

        assertThat(Api.rows(name, Map.of()).asString()).isEqualTo("[{\"r\":1,\"t\":2,\"x\":3,\"greatest\":4}]");
        assertThat(Api.rows(name, Map.of("select", "t:r,r:t", "t", "eq.2", "order", "r"))
                        .asString())
                .isEqualTo("[{\"t\":1,\"r\":2}]");
    }

    @Test
    void orderIsThatOfTheColumnNotOfItsText() {
        String name = Api.newName();
        Api.put(name, "n,other\n10,1\n9,2\n100,3\n").then().statusCode(201);

        assertThat(csv(name, "select=n&order=n")).isEqualTo("n\n9\n10\n100\n");
        assertThat(csv(name, "select=n:other,m:n&order=n")).isEqualTo("n,m\n2,9\n1,10\n3,100\n");
    }

    private static String csv(String name, String query) {
        return Service.send(HttpRequest.newBuilder(Shared.service().uri("/rest/v1/" + name + "?" + query))
                        .header("Accept", "text/csv")
                        .build())
                .body();
    }

    @Test
    void oneColumnIsSelectedAFewTimesOnly() {
        Api.rows(NAME, Map.of("select", "a:n,b:n,c:n,d:n")).then().statusCode(200);
        Api.rows(NAME, Map.of("select", "a:n,b:n,c:n,d:n,e:n")).then().statusCode(400);
        Api.rows(NAME, Map.of("select", "é".repeat(32) + ":n")).then().statusCode(400);
    }

    @Test
    void whoFindsNoMemoryForItsRowsIsToldToWait() {
        Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.putAll(Map.of("sluice.answers.memory", "600K", "sluice.answers.patience", "100ms"));
        try (Service service = Service.start("web", configuration).awaitReady();
                Client stalled = Client.to(service)) {
            try (Client upload = Client.uploading(service, "large")) {
                upload.chunk("a,b\n" + "1,some text\n".repeat(1_000_000)).end();
                assertThat(upload.readAll()).startsWith("HTTP/1.1 201");
            }
            stalled.send("GET /rest/v1/large HTTP/1.1\r\nHost: localhost\r\n\r\n");
            stalled.read(1000);

            HttpResponse<String> refused = service.get("/rest/v1/large");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("ROWS_BUSY");
        }
    }

    @Test
    void readingCannotWriteNorSeeTheCatalog() {
        assertThat(Sql.query("SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'sluice_reader'"
                        + " AND (privilege_type <> 'SELECT' OR table_schema <> 'data')"))
                .containsExactly("0");
        assertThat(Sql.query("SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'sluice-reader'"))
                .isNotEmpty();
    }
}
