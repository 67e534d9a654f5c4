package dev.sluice.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are not read at once, by a process that allows one of them at a time and has little patience. */
class ExportsIT {
    private static final int ROWS = 6_000;
    private static final int PAGE = 500;
    private static final String LINES = "application/x-ndjson";

    /** What might be mistaken for something else on its way: in COPY, in CSV, in lines. */
    private static final List<String> ODD = List.of(
            "\u0001",
            "\u0001a\u0001",
            "\u0002",
            "a\u0002b",
            "?",
            "\\.",
            "\\N",
            "a,b",
            "a\"b",
            "\"",
            "a\nb",
            "a\r\nb",
            "'",
            "$1",
            "{\n\"a\" :\r\n 1}",
            "  ",
            "é\u2028",
            "x".repeat(3_000));

    private static Service web;
    private static Map<String, String> configuration;

    @BeforeAll
    static void start() {
        configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.put("sluice.query.exports", "1");
        configuration.put("sluice.query.patience", "200ms");
        configuration.put("sluice.query.write-idle", "2s");
        web = Service.start("web", configuration).awaitReady();
        StringBuilder odd = new StringBuilder("n,text,empty\n");
        for (int i = 0; i < ROWS; i++) {
            String text = ODD.get(i % ODD.size()).replace("\"", "\"\"");
            odd.append(i)
                    .append(",\"")
                    .append(text)
                    .append("\",")
                    .append(i % 3 == 0 ? "\"\"" : "")
                    .append('\n');
        }
        put("odd", odd.toString());
        put("wide", "n,text\n1," + "x".repeat(300_000) + "\n2," + "y".repeat(300_000) + "\n");
        put("large", "a,b\n" + "1,some text\n".repeat(3_000_000));
    }

    @AfterAll
    static void end() {
        web.close();
    }

    private static void put(String name, String csv) {
        HttpResponse<String> answer = Service.send(HttpRequest.newBuilder(web.uri("/v1/datasets/" + name))
                .header("Content-Type", "text/csv")
                .PUT(HttpRequest.BodyPublishers.ofString(csv))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    private static String get(String query, String accept) {
        HttpResponse<String> answer = Service.send(HttpRequest.newBuilder(web.uri("/rest/v1/" + query))
                .header("Accept", accept)
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same with and without parameters, in names of the answer, and where PostgreSQL has to compute. */
    private static List<String> queries() {
        return List.of(
                "odd?",
                "odd?select=text,n",
                "odd?n=gte.0&select=" + encoded("\"a?'b\":text,\"?\":n") + "&order=n.desc",
                "odd?or=" + encoded("(text.neq.?,text.eq.\"?\")") + "&text=" + encoded("not.in.(\"'\",\"$1\")")
                        + "&order=text,n",
                "odd?select=text::text,n::text&text=neq." + encoded("\\."));
    }

    @Test
    void anExportIsItsPagesOneAfterTheOther() {
        for (String query : queries()) {
            List<JsonNode> paged = new ArrayList<>();
            StringBuilder lines = new StringBuilder();
            StringBuilder csv = new StringBuilder();
            for (int offset = 0; offset < ROWS; offset += PAGE) {
                String page = query + "&limit=" + PAGE + "&offset=" + offset;
                json(get(page, "application/json")).forEach(paged::add);
                lines.append(get(page, LINES));
                String text = get(page, "text/csv");
                csv.append(offset == 0 ? text : text.substring(text.indexOf('\n') + 1));
            }
            assertThat(paged).as(query).hasSizeGreaterThan(ROWS / 2);
            assertThat(json(get(query, "application/json"))).as(query).isEqualTo(json(paged.toString()));
            assertThat(get(query, LINES)).as(query).isEqualTo(lines.toString());
            assertThat(get(query, "text/csv")).as(query).isEqualTo(csv.toString());
        }
    }

    @Test
    void csvTellsWhatJsonTells() {
        List<List<String>> cells = new ArrayList<>();
        json(get("odd?", "application/json"))
                .forEach(row -> cells.add(List.of(
                        row.get("n").asText(),
                        row.get("text").asText(),
                        row.get("empty").isNull() ? "" : row.get("empty").asText())));
        List<List<String>> read = Tables.cells(get("odd?", "text/csv"), ',');
        assertThat(read.subList(1, read.size())).isEqualTo(cells);
        assertThat(cells).hasSize(ROWS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&n=gte.0"})
    void valuesWithLineBreaksOfTheirOwnAreOneLine(String filter) {
        String pretty = encoded("{\n\"a\" :\r\n 1}");
        String lines = get("odd?select=n,value:text::json&text=eq." + pretty + filter, LINES);
        assertThat(lines.lines())
                .hasSize(ROWS / ODD.size())
                .allSatisfy(
                        line -> assertThat(json(line).at("/value/a").asInt()).isEqualTo(1));
    }

    /** Rows of an answer that nobody wants any longer are still on their way to the process. */
    @Test
    void whatIsLeftOfAnExportIsInNobodysAnswer() {
        for (int i = 0; i < 40; i++) { // more than there are connections
            HttpResponse<String> head = Service.send(HttpRequest.newBuilder(web.uri("/rest/v1/large"))
                    .method("HEAD", HttpRequest.BodyPublishers.noBody())
                    .build());
            assertThat(head.statusCode()).isEqualTo(200);
            assertThat(get("odd?select=n&limit=1&offset=" + i, "application/json"))
                    .isEqualTo("[{\"n\":" + i + "}]");
            assertThat(get("odd?select=n&limit=1&offset=" + i, "text/csv")).isEqualTo("n\n" + i + "\n");
        }
    }

    @Test
    void oneObjectOfManyRowsThatAreLargeIsRefused() {
        HttpResponse<String> answer = Service.send(HttpRequest.newBuilder(web.uri("/rest/v1/wide?n=in.(1,2)"))
                .header("Accept", "application/vnd.pgrst.object+json")
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(406);
        assertThat(answer.body()).contains("The result contains 2 rows");
    }

    @Test
    void whoStopsReadingIsLeftAndStopsTheQuery() {
        try (Client stalled = Client.to(web)) {
            begin(stalled);
            assertThat(get("odd?limit=1", "application/json")).startsWith("[");
            assertThat(refused()).contains("ROWS_BUSY");

            Await.until(
                    "nobody reads",
                    Duration.ofSeconds(60),
                    () -> backends("<> 'idle'").isEmpty());
            assertThat(stalled.whatIsLeft()).doesNotEndWith("0\r\n\r\n");
        }
        assertThat(get("large?", "text/csv")).hasLineCount(3_000_001);
    }

    private static void begin(Client client) {
        client.send("GET /rest/v1/large HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(client.read(1000)).startsWith("HTTP/1.1 200");
        assertThat(backends("= 'active'")).singleElement().asString().startsWith("COPY");
    }

    private static String refused() {
        HttpResponse<String> answer = web.get("/rest/v1/large");
        assertThat(answer.statusCode()).isEqualTo(503);
        return answer.body();
    }

    private static List<String> backends(String state) {
        return Sql.query(
                configuration,
                "SELECT query FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND application_name = 'sluice-reader' AND state " + state);
    }
}
