package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A {@code web} process that tests talk to, and {@code worker} processes that do the rest. */
class RetentionIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String VERSIONS = "SELECT number FROM sluice.version ORDER BY number";
    private static final String TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'data'";

    private final Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
    private Service web;

    @BeforeEach
    void start() {
        configuration.put("sluice.dataset.keep-for", "100ms");
        configuration.put("sluice.dataset.keep-versions", "2");
        web = Service.start("web", configuration).awaitReady();
    }

    @AfterEach
    void end() {
        web.close();
    }

    private HttpResponse<String> send(String method, String path, String body) {
        HttpResponse<String> answer = Service.send(HttpRequest.newBuilder(web.uri(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return answer;
    }

    private void put(String body) {
        send("PUT", "/v1/datasets/kept", body);
    }

    private Service worker() {
        return Service.start("worker", configuration).awaitReady();
    }

    private void awaitVersions(String... numbers) {
        Await.until(
                "the versions " + List.of(numbers),
                PATIENCE,
                () -> Sql.query(configuration, VERSIONS).equals(List.of(numbers)));
    }

    private void awaitTables(int count) {
        Await.until(
                count + " tables",
                PATIENCE,
                () -> Sql.query(configuration, TABLES).size() == count);
    }

    private void assertGone(int version) {
        for (String path : List.of(
                "/v1/datasets/kept/versions/" + version,
                "/v1/datasets/kept/versions/" + version + "/rejects",
                "/rest/v1/kept@" + version)) {
            HttpResponse<String> answer = web.get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(410);
            assertThat(answer.body()).contains("VERSION_GONE");
            if (path.startsWith("/rest/")) {
                assertThat(answer.headers().firstValue("Link")).contains("</rest/v1/kept>; rel=\"latest-version\"");
            }
        }
        HttpResponse<String> restore =
                Service.send(HttpRequest.newBuilder(web.uri("/v1/datasets/kept/versions/" + version + "/restore"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build());
        assertThat(restore.statusCode()).isEqualTo(410);
        assertThat(restore.body()).contains("VERSION_GONE");
    }

    @Test
    void aWorkerDeletesWhatIsBeyondTheNewestAndItIsGoneForEveryProcess() {
        for (int i = 1; i <= 5; i++) {
            put("a\n" + i + "\n");
        }
        assertThat(Sql.query(configuration, VERSIONS)).hasSize(5);

        try (Service _ = worker();
                Service _ = worker()) {
            awaitVersions("4", "5");
            awaitTables(2);
        }

        for (int version = 1; version <= 3; version++) {
            assertGone(version);
        }
        assertThat(web.get("/rest/v1/kept@4").body()).isEqualTo("[{\"a\":4}]");
        assertThat(web.get("/rest/v1/kept").body()).isEqualTo("[{\"a\":5}]");
        assertThat(web.get("/rest/v1/kept@6").statusCode()).isEqualTo(404);
        assertThat(web.get("/v1/datasets/kept/versions/6").body()).contains("VERSION_NOT_FOUND");
        assertThat(web.get("/v1/datasets/kept/versions").body())
                .contains("\"version\":5", "\"version\":4")
                .doesNotContain("\"version\":3");
    }

    @Test
    void theDatasetsOwnKeepVersionsCountsBeforeTheConfiguredOne() {
        put("a\n1\n");
        send("PATCH", "/v1/datasets/kept", "{\"keepVersions\":4}");
        for (int i = 2; i <= 6; i++) {
            put("a\n" + i + "\n");
        }
        try (Service _ = worker()) {
            awaitVersions("3", "4", "5", "6");

            send("PATCH", "/v1/datasets/kept", "{\"keepVersions\":1}");

            awaitVersions("6");
            awaitTables(1);
        }
        assertThat(web.get("/rest/v1/kept").body()).isEqualTo("[{\"a\":6}]");
    }

    @Test
    void theTableOfARestoredVersionOutlivesTheVersionItWasMadeFor() {
        put("a\n1\n");
        put("a\n2\n");
        put("a\n3\n");
        send("POST", "/v1/datasets/kept/versions/1/restore", "");
        try (Service _ = worker()) {
            awaitVersions("3", "4");
            awaitTables(2);
        }
        assertGone(1);
        assertThat(web.get("/rest/v1/kept").body()).isEqualTo("[{\"a\":1}]");
        assertThat(web.get("/rest/v1/kept@3").body()).isEqualTo("[{\"a\":3}]");
    }

    @Test
    void whoeverHasBegunToReadAVersionReadsItToItsEndAndThenItsTableGoes() {
        int rows = 1_500_000;
        put("a,b\n" + "1,2\n".repeat(rows));
        put("a\n2\n");
        put("a\n3\n");
        try (Client reader = Client.to(web)) {
            reader.send("GET /rest/v1/kept@1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String begin = reader.read(100);
            try (Service _ = worker()) {
                awaitVersions("2", "3");
                assertGone(1);
                put("a\n4\n"); // what is dropped while another table cannot be
                awaitVersions("3", "4");
                awaitTables(3);

                String answer = begin + reader.readAll();

                assertThat(answer.startsWith("HTTP/1.1 200")).isTrue();
                assertThat(answer.chars().filter(c -> c == '}').count()).isEqualTo(rows);
                assertThat(answer.endsWith("]\r\n0\r\n\r\n")).isTrue();
                awaitTables(2);
            }
        }
    }

    @Test
    void whatWasSupersededNotLongAgoIsKeptHoweverManyAreNewer() {
        Map<String, String> patient = new HashMap<>(configuration);
        patient.put("sluice.dataset.keep-for", "1h");
        try (Service worker = Service.start("worker", patient).awaitReady()) {
            for (int i = 1; i <= 5; i++) {
                put("a\n" + i + "\n");
            }
            Sql.query(
                    configuration,
                    "UPDATE sluice.version SET superseded_at = superseded_at - interval '1 hour' WHERE number = 1"
                            + " RETURNING id");
            awaitVersions("2", "3", "4", "5");
            assertThat(worker.management().status("/q/health/live")).isEqualTo(200);
        }
        assertThat(Sql.query(configuration, VERSIONS)).containsExactly("2", "3", "4", "5");
        assertThat(web.get("/rest/v1/kept@2").body()).isEqualTo("[{\"a\":2}]");
    }
}
