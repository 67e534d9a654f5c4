package dev.sluice.platform;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.harness.Await;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReaderLoginIT {
    private static final String READER = "Reads \"rows\"";
    private static final String PASSWORD = "it's \\ \"secret\"";

    @Test
    void migrateMakesTheLoginThatReadsRowsAndItReadsNothingElse() {
        Map<String, String> configuration = new HashMap<>(Servers.newDatabase());
        configuration.put("quarkus.datasource.reader.username", READER);
        configuration.put("quarkus.datasource.reader.password", PASSWORD);
        Service.migrate(configuration);
        Service.migrate(configuration);
        try (Service web = Service.start("web", configuration).awaitReady()) {
            String service = web.uri("").toString();
            given().baseUri(service)
                    .body("a\n1\n")
                    .put("/v1/datasets/read")
                    .then()
                    .statusCode(201);
            assertThat(given().baseUri(service).get("/rest/v1/read?a=eq.1").asString())
                    .isEqualTo("[{\"a\":1}]");
            assertThat(Sql.query(
                            configuration,
                            "SELECT DISTINCT usename FROM pg_stat_activity WHERE application_name = 'sluice-reader'"
                                    + " AND datname = current_database()"))
                    .isEqualTo(List.of(READER));
            assertThat(web.output()).doesNotContain("Rows are read by the login that owns the tables");
        }
        Map<String, String> reader = new HashMap<>(configuration);
        reader.put("quarkus.datasource.username", READER);
        reader.put("quarkus.datasource.password", PASSWORD);
        for (String sql : List.of(
                "RESET ROLE; SELECT 1 FROM sluice.api_key",
                "SET ROLE postgres",
                "CREATE TABLE data.x ()",
                "SELECT pg_read_file('postgresql.conf')")) {
            assertThatThrownBy(() -> Sql.run(reader, sql)).hasMessageContaining("permission denied");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", ""})
    void aProcessThatReadsByTheLoginOfTheCatalogWarns(String login) {
        Map<String, String> configuration = new HashMap<>(Servers.migratedDatabase());
        configuration.put("quarkus.datasource.reader.username", login);
        configuration.remove("quarkus.datasource.reader.password");
        if (login.isEmpty()) {
            configuration.remove("quarkus.datasource.reader.username");
        }
        try (Service web = Service.start("web", configuration).awaitReady()) {
            Await.until(
                    "the warning",
                    Duration.ofSeconds(10),
                    () -> web.output().contains("Rows are read by the login that owns the tables"));
        }
    }
}
