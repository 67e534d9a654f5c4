package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.harness.Servers;
import dev.sluice.harness.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What KEDA asks the catalog, asked by the role that the component's README makes for it. */
class QueueQueryIT {
    private static Map<String, String> configuration;
    private static String query;

    @BeforeAll
    static void migrate() throws IOException {
        assumeTrue(Kustomize.isInstalled(), "there is no kubectl");
        query = Kustomize.base("worker-keda")
                .get("ScaledObject", "sluice-worker")
                .at("/spec/triggers/0/metadata/query")
                .asText();
        configuration = Servers.migratedDatabase();
        String readme = Files.readString(Kustomize.ROOT.resolve("components/worker-keda/README.md"));
        Pattern.compile("(?s)```sql\n(.+?)```")
                .matcher(readme)
                .results()
                .forEach(m -> Sql.run(configuration, m.group(1)));
    }

    @BeforeEach
    void nothingWaits() {
        Sql.run(configuration, "DELETE FROM sluice.lease; DELETE FROM sluice.ingest; DELETE FROM sluice.segment");
    }

    private static int asked() {
        Map<String, String> keda = new HashMap<>(configuration);
        keda.put("quarkus.datasource.username", "sluice_queue");
        keda.put("quarkus.datasource.password", "…");
        return Integer.parseInt(Sql.query(keda, query).getFirst());
    }

    private static void ingest(String kind, String columns, String values) {
        UUID job = UUID.randomUUID();
        Sql.run(
                configuration,
                "INSERT INTO sluice.ingest (id, dataset, state, attempt, source_kind, created_at) VALUES ('" + job
                        + "', 'd', 'running', 1, '" + kind + "', now());"
                        + "INSERT INTO sluice.lease (job, token, " + columns + ") VALUES ('" + job + "', 1, " + values
                        + ")");
    }

    private static void running(String kind, String deadline) {
        ingest(kind, "owner, deadline", "gen_random_uuid(), now() + interval '" + deadline + "'");
    }

    @Test
    void nothingIsWorthNoWorker() {
        assertThat(asked()).isZero();
    }

    @Test
    void whatIsDueCountsAndWhatIsDueLaterDoesNot() {
        ingest("url", "due", "now() - interval '1s'");
        ingest("url", "due", "now() + interval '1h'");
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void whatAWorkerRunsCountsAndWhatAWebProcessLoadsDoesNot() {
        running("url", "30s");
        running("upload", "30s");
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void anUploadWhoseProcessIsLostCounts() {
        running("upload", "-1s");
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void howeverManyIndexesAreToBeMadeTheyCountAsOne() {
        Sql.run(
                configuration,
                "INSERT INTO sluice.segment VALUES (gen_random_uuid(), 't_1', 0, 0, 0, now());"
                        + "INSERT INTO sluice.segment_column SELECT id, n, 'c' || n, 'c', 'text', NULL, NULL, 0, NULL, NULL, '[]', 'building'"
                        + " FROM sluice.segment, generate_series(1, 3) n");
        assertThat(asked()).isEqualTo(1);
    }
}
