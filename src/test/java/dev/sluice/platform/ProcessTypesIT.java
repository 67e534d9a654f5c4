package dev.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessTypesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void webAndWorkerWaitForMigrateAndBecomeReadyAfterIt() {
        Map<String, String> configuration = Servers.newDatabase();
        try (Service web = Service.start("web", configuration);
                Service worker = Service.start("worker", configuration)) {
            for (Service service : new Service[] {web, worker}) {
                Await.until("alive", PATIENCE, () -> service.management().status("/q/health/live") == 200);
                assertThat(service.management().status("/q/health/ready")).isEqualTo(503);
            }
            assertThat(web.get("/v1/datasets").statusCode()).isEqualTo(503);
            assertThat(web.get("/v1/datasets").body()).contains("SCHEMA_OUTDATED");
            assertThat(web.get("/v1/datasets").headers().firstValue("Retry-After"))
                    .isPresent();

            Service.migrate(configuration);

            web.awaitReady();
            worker.awaitReady();
            assertThat(web.status("/v1/datasets")).isEqualTo(200);
        }
    }

    @Test
    void migrateCanBeRepeated() {
        Map<String, String> configuration = Servers.newDatabase();
        Service.migrate(configuration);
        Service.migrate(configuration);
    }

    @Test
    void migrateAndCommandsListenNowhere() {
        Map<String, String> configuration = Servers.newDatabase();
        try (Service migrate = Service.start("migrate", configuration);
                Service command = Service.command(configuration, "create-key", "first", "admin")) {
            for (Service once : List.of(migrate, command)) {
                once.exitCode();
                assertThat(once.output()).contains("started in").doesNotContain("http://");
            }
        }
    }

    @Test
    void migrateThatCannotReachItsDatabaseSaysSoAndFails() {
        Map<String, String> configuration = new HashMap<>(Servers.newDatabase());
        configuration.put("quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:1/none");
        try (Service migrate = Service.start("migrate", configuration)) {
            assertThat(migrate.exitCode()).isEqualTo(1);
            assertThat(migrate.output()).contains("The schema could not be migrated");
        }
    }

    @Test
    void aProcessStartsWithoutItsBackingServicesAndIsNotReady() {
        Map<String, String> configuration = Map.of(
                "quarkus.datasource.jdbc.url", "jdbc:postgresql://127.0.0.1:1/none",
                "quarkus.datasource.username", "nobody",
                "quarkus.datasource.password", "nothing",
                "quarkus.redis.hosts", "redis://127.0.0.1:1");
        try (Service web = Service.start("web", configuration)) {
            Await.until("alive", PATIENCE, () -> web.management().status("/q/health/live") == 200);
            assertThat(web.management().get("/q/health/ready").statusCode()).isEqualTo(503);
            assertThat(web.management().get("/q/health/ready").body())
                    .contains("\"postgresql\": \"down\"", "\"redis\": \"down\"");
            assertThat(web.get("/v1/datasets").body()).contains("DATABASE_UNAVAILABLE");
        }
    }

    @Test
    void aProcessWithoutConfigurationSaysInOneLineWhatIsMissing() {
        try (Service web = Service.start("web", Map.of())) {
            assertThat(web.exitCode()).isEqualTo(2);
            assertThat(web.output().strip().lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("QUARKUS_DATASOURCE_JDBC_URL");
        }
    }

    @Test
    void aStartOnTheCurrentSchemaLogsNoWarning() {
        Map<String, String> configuration = Servers.migratedDatabase();
        for (String types : List.of("web", "worker", "web,worker")) {
            try (Service service = Service.start(types, configuration).awaitReady()) {
                assertThat(service.output().lines())
                        .isNotEmpty()
                        .noneMatch(line -> line.contains("\"level\":\"WARN\"") || line.contains("\"level\":\"ERROR\""));
            }
        }
    }

    @Test
    void unknownTypesAndMigrateBesideOthersAreRefused() {
        Map<String, String> configuration = Servers.newDatabase();
        for (String types : new String[] {"web,migrate", "wbe"}) {
            try (Service service = Service.start(types, configuration)) {
                assertThat(service.exitCode()).isNotZero();
                assertThat(service.output()).contains(types.equals("wbe") ? "wbe" : "migrate runs alone");
            }
        }
    }

    @Test
    void aWorkerServesOnlyHealthAndMetrics() {
        Map<String, String> configuration = Servers.newDatabase();
        Service.migrate(configuration);
        try (Service worker = Service.start("worker", configuration).awaitReady()) {
            assertThat(worker.management().status("/q/metrics")).isEqualTo(200);
            assertThat(worker.status("/v1/datasets")).isEqualTo(404);
            assertThat(worker.status("/rest/v1/any")).isEqualTo(404);
            assertThat(worker.get("/v1/datasets").body()).contains("NOT_FOUND");
        }
    }
}
