package dev.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.local.ServersForTests;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The connection of an export. */
@QuarkusTest
@QuarkusTestResource(ServersForTests.class)
class ExportRowsTest {
    private static final int ROWS = 1_000_000;

    @Inject
    @DataSource("reader")
    AgroalDataSource database;

    @Inject
    Vertx vertx;

    private int networkTimeout() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return connection.getNetworkTimeout();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, ROWS})
    void afterAnExportThatEndedOrWasBrokenOffItsConnectionWaitsNoLongerThanBefore(int rows) throws SQLException {
        int before = networkTimeout();
        CopySql query =
                new CopySql(new RowsSql("SELECT n FROM generate_series(1, " + ROWS + ") n", List.of()), 1, true, false);
        try (ExportRows export = new ExportRows(query, new Client("reader"), () -> {})) {
            export.open(database, null, vertx, Duration.ofMinutes(10), Duration.ofHours(1));
            for (int i = 0; i < rows; i++) {
                assertThat(export.next()).isTrue();
            }
        }

        assertThat(networkTimeout()).isEqualTo(before).isPositive();
    }
}
