package dev.sluice.platform.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.local.ServersForTests;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** The limits of all connections to PostgreSQL. */
@QuarkusTest
@QuarkusTestResource(ServersForTests.class)
class PoolsTest {
    @Inject
    @Any
    Instance<AgroalDataSource> pools;

    @Inject
    AgroalDataSource catalog;

    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery("SHOW " + name)) {
            r.next();
            return r.getString(1);
        }
    }

    @Test
    void noConnectionAndNoStatementOfAnyPoolIsWithoutALimit() throws SQLException {
        assertThat(pools.stream()).hasSize(3);
        for (AgroalDataSource pool : pools) {
            try (Connection connection = pool.getConnection()) {
                assertThat(setting(connection, "statement_timeout")).isNotEqualTo("0");
                assertThat(setting(connection, "idle_in_transaction_session_timeout"))
                        .isNotEqualTo("0");
                assertThat(connection.getNetworkTimeout()).isPositive();
            }
            Properties driver = pool.getConfiguration()
                    .connectionPoolConfiguration()
                    .connectionFactoryConfiguration()
                    .jdbcProperties();
            assertThat(driver.stringPropertyNames()).contains("connectTimeout", "socketTimeout", "tcpKeepAlive");
        }
    }

    @Test
    void theLimitOfALoadEndsWithItsTransaction() throws SQLException {
        int before;
        try (Connection connection = catalog.getConnection()) {
            before = connection.getNetworkTimeout();
            connection.setAutoCommit(false);
            TimeLimit.ofTransaction(connection, Duration.ofHours(24));
            assertThat(setting(connection, "statement_timeout")).isEqualTo("1d");
            assertThat(connection.getNetworkTimeout())
                    .isGreaterThan(Math.toIntExact(Duration.ofHours(24).toMillis()));
            connection.commit();
            connection.setAutoCommit(true);
        }

        try (Connection same = catalog.getConnection()) {
            assertThat(setting(same, "statement_timeout")).isEqualTo("30s");
            assertThat(same.getNetworkTimeout()).isEqualTo(before);
        }
    }
}
