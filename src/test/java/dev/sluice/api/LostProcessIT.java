package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Client;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LostProcessIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STATE = "SELECT state || coalesce(' ' || problem_code, '') FROM sluice.ingest";

    private final Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
    private Service web;
    private Client client;

    private void anUploadIsBeingLoadedUnderALeaseOf(String duration) {
        configuration.put("sluice.worker.lease", duration);
        web = Service.start("web", configuration).awaitReady();
        client = Client.uploading(web, "lost");
        client.chunk("a,b\n" + "1,2\n".repeat(700_000));
        Await.until(
                "the load has its table",
                PATIENCE,
                () -> !Sql.query(
                                configuration,
                                "SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY data.%'"
                                        + " AND datname = current_database()")
                        .isEmpty());
    }

    @AfterEach
    void end() {
        client.close();
        web.close();
    }

    @Test
    void aKilledProcessLeavesNothingAndItsIngestFailsOnceTheLeaseIsOver() {
        anUploadIsBeingLoadedUnderALeaseOf("3s");
        web.kill();

        assertThat(Sql.query(configuration, STATE)).isEqualTo(List.of("running"));
        try (Service worker = Service.start("worker", configuration).awaitReady()) {
            Await.until(
                    "the ingest has failed",
                    PATIENCE,
                    () -> Sql.query(configuration, STATE).equals(List.of("failed PROCESS_LOST")));
            assertThat(worker.status("/v1/ingests")).isEqualTo(404);
        }
        assertThat(Sql.query(configuration, "SELECT tablename FROM pg_tables WHERE schemaname = 'data'"))
                .isEmpty();
        assertThat(Sql.query(configuration, "SELECT id FROM sluice.version")).isEmpty();
        assertThat(Sql.query(configuration, "SELECT id FROM sluice.dataset")).isEmpty();
        assertThat(Sql.query(configuration, "SELECT job FROM sluice.lease")).isEmpty();
    }

    @Test
    void aFrozenProcessThatWakesUpAfterItsLeaseCannotPublish() {
        anUploadIsBeingLoadedUnderALeaseOf("3s");
        web.signal("STOP");
        try (Service _ = Service.start("worker", configuration).awaitReady()) {
            Await.until(
                    "the ingest has failed",
                    PATIENCE,
                    () -> Sql.query(configuration, STATE).equals(List.of("failed PROCESS_LOST")));
        }

        web.signal("CONT");
        client.end();

        assertThat(client.readAll()).startsWith("HTTP/1.1 503").contains("PROCESS_LOST");
        assertThat(Sql.query(configuration, "SELECT id FROM sluice.version")).isEmpty();
        assertThat(Sql.query(configuration, STATE)).containsExactly("failed PROCESS_LOST");
    }

    @Test
    void anUploadThatWasTakenOverIsToldSoThoughItsProcessOnlySawItsConnectionEnd() {
        anUploadIsBeingLoadedUnderALeaseOf("10m");
        Sql.execute(configuration, "UPDATE sluice.lease SET deadline = clock_timestamp()");
        try (Service _ = Service.start("worker", configuration).awaitReady()) {
            Await.until(
                    "the ingest has failed",
                    PATIENCE,
                    () -> Sql.query(configuration, STATE).equals(List.of("failed PROCESS_LOST")));
        }

        client.end();

        assertThat(client.readAll()).startsWith("HTTP/1.1 503").contains("PROCESS_LOST");
    }

    @Test
    void aRunningUploadKeepsItsLeaseAndSaysHowFarItIs() {
        anUploadIsBeingLoadedUnderALeaseOf("3s");
        String id = Sql.query(configuration, "SELECT id FROM sluice.ingest").getFirst();
        Await.until(
                "progress is seen",
                PATIENCE,
                () -> web.get("/v1/ingests/" + id).body().contains("\"bytes\":2800004"));

        client.end();

        assertThat(client.readAll()).startsWith("HTTP/1.1 201");
        assertThat(web.get("/v1/ingests/" + id).body()).contains("\"state\":\"succeeded\"", "\"rows\":700000");
    }

    @Test
    void anUploadThatIsRunningAtShutdownIsFinishedAndTheProcessIsNotReady() {
        anUploadIsBeingLoadedUnderALeaseOf("3s");
        web.signal("TERM");

        client.end();

        assertThat(client.readAll()).startsWith("HTTP/1.1 201");
        assertThat(web.exitCode()).isEqualTo(143);
    }
}
