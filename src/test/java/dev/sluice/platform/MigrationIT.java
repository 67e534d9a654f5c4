package dev.sluice.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import dev.sluice.harness.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MigrationIT {
    /** Longer than a statement of another process may take, than its connection waits, and than a transaction may be idle. */
    private static final String LONG = "45 s";

    /** It waits for a schema that another transaction makes, with the connection idle that holds the lock of all migrations. */
    @Test
    void aStatementOfAMigrationMayTakeLongerThanOneOfAnyOtherProcess() throws SQLException {
        Map<String, String> configuration = Servers.newDatabase();
        try (Connection other = Sql.connect(configuration);
                Statement s = other.createStatement()) {
            other.setAutoCommit(false);
            s.execute("CREATE SCHEMA data");
            try (Service migrate = Service.start("migrate", configuration)) {
                Await.until(
                        "it has waited for " + LONG,
                        Duration.ofMinutes(2),
                        () -> !Sql.query(
                                        configuration,
                                        "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                                                + " AND wait_event_type = 'Lock' AND clock_timestamp() - query_start > '"
                                                + LONG + "'")
                                .isEmpty());
                other.rollback();

                assertThat(migrate.exitCode()).as(migrate.output()).isZero();
            }
        }
    }
}
