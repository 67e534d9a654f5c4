package dev.sluice.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Relay;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that does not answer, and what takes all connections to it. */
@Timeout(value = 4, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Of a request that waits for the database: the limit of a statement is 30 s, and that of an answer 40 s. */
    private static final Duration BOUND = Duration.ofSeconds(50);

    private static final String MORE_THAN_THE_SAMPLE = "a,b\n" + "1,2\n".repeat(700_000);

    private final List<AutoCloseable> open = new ArrayList<>();
    private Attacked attacked;

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable resource : open.reversed()) {
            resource.close();
        }
    }

    private <T extends AutoCloseable> T closed(T resource) {
        open.add(resource);
        return resource;
    }

    private Attacked start(Map<String, String> own) {
        attacked = closed(Attacked.start("web", own));
        return attacked;
    }

    private Relay startBehindARelay(Map<String, String> own) {
        Map<String, String> database = Servers.migratedDatabase();
        Relay relay = closed(Relay.before(database));
        Map<String, String> configuration = relay.configuration(database);
        configuration.putAll(own);
        attacked = closed(Attacked.start("web", database, configuration));
        return relay;
    }

    private Client loading(String name) {
        return begun(attacked.uploading(name));
    }

    private Client begun(Client upload) {
        Client client = closed(upload);
        client.chunk(MORE_THAN_THE_SAMPLE);
        return client;
    }

    private void awaitLoads(int loads) {
        awaitConnections(loads, "query LIKE 'COPY data.%'");
    }

    private void awaitConnections(int connections, String condition) {
        Await.until(
                connections + " connections: " + condition,
                PATIENCE,
                () -> Sql.query(
                                        attacked.database(),
                                        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND "
                                                + condition)
                                .size()
                        >= connections);
    }

    /** Until the connection is closed no statement sees the catalog. */
    private Connection locked(String table) throws SQLException {
        Connection lock = closed(Sql.connect(attacked.database()));
        lock.setAutoCommit(false);
        try (Statement s = lock.createStatement()) {
            s.execute("LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
        }
        return lock;
    }

    private static void assertUnavailable(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).contains("DATABASE_UNAVAILABLE");
    }

    private HttpResponse<String> read(String path, Duration patience) {
        return attacked.reading(path)
                .orTimeout(patience.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aLockThatIsHeldOnTheCatalogIsAProblemAfterTheLimitOfAStatement() throws SQLException {
        start(Map.of());
        locked("sluice.dataset");

        assertUnavailable(read("/v1/datasets", BOUND));
    }

    @Test
    void aDatabaseThatVanishesIsAProblemInBoundedTimeAndUsedAgainWhenItComesBack() throws SQLException {
        Relay relay = startBehindARelay(Map.of());
        attacked.load("table", "a\n1\n");
        Connection lock = locked("sluice.dataset");
        CompletableFuture<HttpResponse<String>> inAStatement = attacked.reading("/v1/datasets");
        awaitConnections(1, "wait_event_type = 'Lock'");
        relay.silence();
        lock.rollback();

        List<CompletableFuture<HttpResponse<String>>> later = Stream.of(
                        "/v1/datasets",
                        "/v1/ingests",
                        "/rest/v1/table?limit=1",
                        "/rest/v1/table",
                        "/v1/datasets/table/profile")
                .map(attacked::reading)
                .toList();

        assertUnavailable(
                inAStatement.orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS).join());
        later.forEach(answer -> assertThat(answer.orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS)
                        .join()
                        .statusCode())
                .isEqualTo(503));
        assertThat(attacked.send(HttpRequest.newBuilder(attacked.management().uri("/q/health/live")), Attacked.ALIVE)
                        .statusCode())
                .isEqualTo(200);
        relay.speak();
        Await.until(
                "served again", PATIENCE, () -> read("/v1/datasets", PATIENCE).statusCode() == 200);
        attacked.assertServesOthers();
    }

    /** The connection of an export has no time-out of its own: the limit of the wait for a row ends it. */
    @Test
    void anExportFromADatabaseThatVanishesEnds() throws IOException, InterruptedException {
        Relay relay = startBehindARelay(Map.of("sluice.query.export-timeout", "2s"));
        attacked.load("table", MORE_THAN_THE_SAMPLE);
        HttpRequest export =
                attacked.with(attacked.key("read"), "/rest/v1/table").build();
        HttpClient http = closed(HttpClient.newHttpClient());

        try (InputStream rows =
                http.send(export, HttpResponse.BodyHandlers.ofInputStream()).body()) {
            rows.readNBytes(1024);
            relay.silence();
            CompletableFuture<Void> end = CompletableFuture.runAsync(
                    () -> assertThatThrownBy(() -> rows.transferTo(OutputStream.nullOutputStream()))
                            .isInstanceOf(IOException.class));
            end.orTimeout(BOUND.toSeconds(), TimeUnit.SECONDS).join();
        }
        relay.speak();
        attacked.assertServesOthers();
    }

    /** It has no answer to wait for: it writes, until what lies between is full. */
    @Test
    void aLoadIntoADatabaseThatVanishesEndsSoonAfterItsLease() {
        Relay relay = startBehindARelay(Map.of("sluice.worker.lease", "6s"));
        Client client = loading("table");
        awaitLoads(1);
        relay.silence();

        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
            while (true) { // until the process closes the connection
                client.chunk("1,2\n".repeat(100_000));
            }
        });

        String answer = CompletableFuture.supplyAsync(client::whatIsLeft)
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        assertThat(answer).startsWith("HTTP/1.1 503");
        assertThat(sending).failsWithin(PATIENCE);
    }

    @Test
    void requestsNeverWaitBecauseLoadsHoldAllConnections() {
        start(Map.of("quarkus.datasource.jdbc.max-size", "1", "sluice.upload.slots", "4"));
        // one key leaves a slot to others
        List<Client> clients = List.of(
                loading("table-0"),
                loading("table-1"),
                loading("table-2"),
                begun(attacked.uploading("table-3", attacked.key("write"))));
        awaitLoads(4);

        assertThat(read("/v1/datasets", Duration.ofSeconds(5)).statusCode()).isEqualTo(200);
        assertThat(read("/v1/ingests?state=running", Duration.ofSeconds(5)).body())
                .contains("table-3");

        clients.forEach(client -> assertThat(client.end().readAll()).startsWith("HTTP/1.1 201"));
    }

    @Test
    void aHeartbeatIsNeverLateBecauseRequestsHoldAllConnections() throws SQLException {
        start(Map.of("quarkus.datasource.jdbc.max-size", "2", "sluice.upload.slots", "2", "sluice.worker.lease", "3s"));
        Client client = loading("table");
        awaitLoads(1);
        Connection lock = locked("sluice.dataset");
        List<CompletableFuture<HttpResponse<String>>> requests = IntStream.range(0, 20)
                .mapToObj(_ -> attacked.reading("/v1/datasets"))
                .toList();
        awaitConnections(3, "wait_event_type = 'Lock'");
        String now = Sql.query(attacked.database(), "SELECT clock_timestamp()").getFirst();

        Await.until(
                "the lease was renewed for three times as long as it lasts",
                PATIENCE,
                () -> !Sql.query(
                                attacked.database(),
                                "SELECT deadline > '" + now
                                        + "'::timestamptz + interval '12 s' AS later FROM sluice.lease")
                        .contains("f"));

        assertThat(Sql.query(
                        attacked.database(),
                        "SELECT wait_event_type FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                + " AND datname = current_database()"))
                .hasSizeGreaterThanOrEqualTo(3);
        lock.rollback();
        assertThat(client.end().readAll()).startsWith("HTTP/1.1 201");
        requests.forEach(CompletableFuture::join);
    }
}
