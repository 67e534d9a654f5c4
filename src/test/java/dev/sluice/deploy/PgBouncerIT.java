package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.PgBouncer;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Processes whose connections are PgBouncer's, in transaction mode: no two transactions of a process need have the same one.
 * Reading has a user of its own then, since a role that a session takes on would stay with the connection.
 */
class PgBouncerIT {
    private static final int POOL = 4;

    private static Map<String, String> direct;
    private static PgBouncer bouncer;
    private static Service service;

    @BeforeAll
    static void start() throws IOException {
        direct = Servers.migratedDatabase();
        Sql.run(direct, "DROP ROLE IF EXISTS sluice_pooled");
        Sql.run(direct, "CREATE ROLE sluice_pooled LOGIN PASSWORD 'pooled' IN ROLE sluice_reader");
        Sql.run(direct, "ALTER ROLE sluice_pooled SET default_transaction_read_only = on");
        Sql.run(direct, "ALTER ROLE sluice_pooled SET timezone = 'UTC'");
        bouncer = PgBouncer.before(
                direct,
                Map.of(
                        direct.get("quarkus.datasource.username"),
                        direct.get("quarkus.datasource.password"),
                        "sluice_pooled",
                        "pooled"),
                POOL);
        Map<String, String> pooled = new HashMap<>(bouncer.configuration(direct));
        pooled.put("sluice.upload.slots", "2"); // as docs/running.md says: fewer than the pool has
        pooled.put("quarkus.datasource.reader.username", "sluice_pooled");
        pooled.put("quarkus.datasource.reader.password", "pooled");
        service = Service.start("web,worker", pooled).awaitReady();
    }

    @AfterAll
    static void stop() throws IOException {
        if (service != null) {
            service.close();
            bouncer.close();
        }
    }

    private static HttpResponse<String> send(String method, String path, String body) {
        return Service.send(HttpRequest.newBuilder(service.uri(path))
                .header("Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "text/csv")
                .method(method, BodyPublishers.ofString(body))
                .build());
    }

    @Test
    void manyClientsLoadAndReadThroughFewConnections() throws Exception {
        List<Callable<Void>> clients = new ArrayList<>();
        for (int client = 0; client < 2 * POOL; client++) {
            String name = "pooled-" + client;
            clients.add(() -> {
                for (int version = 1; version <= 3; version++) {
                    upload(name, "n,word\n1,one\n2,two\n" + version + ",three\n");
                    assertThat(send("GET", "/rest/v1/" + name + "?n=eq.2&select=word&limit=1", "")
                                    .body())
                            .startsWith("[{\"word\":");
                    assertThat(send("GET", "/rest/v1/" + name + "@" + version + "?select=count()", "")
                                    .body())
                            .isEqualTo("[{\"count\":3}]");
                    assertThat(send("GET", "/rest/v1/" + name + "?select=n", "").statusCode())
                            .isEqualTo(200);
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> client : threads.invokeAll(clients)) {
                client.get();
            }
        }

        assertThat(Integer.parseInt(Sql.query(direct, """
                        SELECT count(*) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()""").getFirst())).isBetween(1, 2 * POOL);
    }

    /** Slots for uploads are few: who gets none comes again. */
    private static void upload(String name, String content) {
        Await.until("uploaded", Duration.ofSeconds(60), () -> {
            int status = send("PUT", "/v1/datasets/" + name, content).statusCode();
            assertThat(status).isIn(200, 201, 503);
            return status != 503;
        });
    }

    @Test
    void whoReadsMayReadTablesAndNothingElse() {
        upload("roles", "a\n1\n");
        assertThat(send("GET", "/rest/v1/roles?a=eq.1", "").body()).isEqualTo("[{\"a\":1}]");

        assertThat(Sql.query(direct, """
                        SELECT concat_ws(' ', bool_and(has_table_privilege('sluice_pooled', t.oid, 'SELECT')),
                          bool_or(has_table_privilege('sluice_pooled', t.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')),
                          has_schema_privilege('sluice_pooled', 'sluice', 'USAGE'))
                        FROM pg_class t WHERE relnamespace = 'data'::regnamespace AND relkind = 'r'""")).containsExactly("t f f");
    }

    @Test
    void indexesAreMadeAndExportsRun() {
        upload("exported", "n,word\n" + "1,one\n2,two\n".repeat(30_000));

        assertThat(send("PATCH", "/v1/datasets/exported", "{\"index\":[\"n\"]}").statusCode())
                .isEqualTo(200);
        Await.until(
                "the index is made",
                Duration.ofSeconds(30),
                () -> send("GET", "/v1/datasets/exported", "").body().contains("\"index\":\"ready\""));
        assertThat(send("GET", "/rest/v1/exported?select=n,word", "").body().split("\\{"))
                .hasSize(60_001);
    }

    /** As of a process that was lost when its load had ended, and before it could say so: its connection is another client's now. */
    @Test
    void whatAnotherClientDoesOnTheConnectionOfALostLoadIsNotEnded() throws IOException, SQLException {
        Map<String, String> owner =
                Map.of(direct.get("quarkus.datasource.username"), direct.get("quarkus.datasource.password"));
        try (PgBouncer one = PgBouncer.before(direct, owner, 1);
                Connection loading = transaction(one);
                Connection other = transaction(one)) {
            String[] recorded = backend(loading);
            loading.rollback();
            String[] now = backend(other);
            assertThat(now[0]).isEqualTo(recorded[0]);
            assertThat(now[1]).isEqualTo(recorded[1]);
            String job = UUID.randomUUID().toString();
            Sql.run(direct, """
                    INSERT INTO sluice.ingest (id, dataset, state, attempt, source_kind, created_at)
                    VALUES ('%1$s', 'lost', 'running', 1, 'upload', now());
                    INSERT INTO sluice.lease (job, owner, token, deadline, backend_pid, backend_start, backend_transaction)
                    VALUES ('%1$s', gen_random_uuid(), nextval('sluice.lease_token'), now(), %2$s, '%3$s', '%4$s')""".formatted(job, recorded[0], recorded[1], recorded[2]));

            Await.until(
                    "its lease is taken over",
                    Duration.ofSeconds(30),
                    () -> Sql.query(direct, "SELECT problem_code FROM sluice.ingest WHERE id = '" + job + "'")
                            .contains("PROCESS_LOST"));

            assertThat(backend(other)).isEqualTo(now);
            other.commit();
        }
    }

    private static Connection transaction(PgBouncer bouncer) throws SQLException {
        Connection connection = Sql.connect(bouncer.configuration(direct));
        connection.setAutoCommit(false);
        return connection;
    }

    /** Process id, its start and that of the transaction. */
    private static String[] backend(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(
                        "SELECT pid, backend_start, xact_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")) {
            r.next();
            return new String[] {r.getString(1), r.getString(2), r.getString(3)};
        }
    }
}
