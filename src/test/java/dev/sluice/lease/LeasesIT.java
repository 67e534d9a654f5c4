package dev.sluice.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LeasesIT {
    private static AgroalDataSource database;

    @BeforeAll
    static void start() throws SQLException {
        Map<String, String> configuration = Servers.newDatabase();
        Service.migrate(configuration);
        database = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(2)
                        .connectionFactoryConfiguration(c -> c.jdbcUrl(configuration.get("quarkus.datasource.jdbc.url"))
                                .principal(new NamePrincipal(configuration.get("quarkus.datasource.username")))
                                .credential(new SimplePassword(configuration.get("quarkus.datasource.password"))))));
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    private static Leases process() {
        return new Leases(database, () -> Duration.ofSeconds(30));
    }

    /** As after a commit that was done and not answered. */
    @Test
    void whoPutAJobBackAndAsksAgainHoldsItNoMore() throws SQLException {
        Leases leases = process();
        Lease lease = leases.take(UUID.randomUUID());
        assertThat(leases.requeue(lease, Duration.ZERO)).isTrue();

        assertThat(leases.requeue(lease, Duration.ZERO)).isFalse();
        assertThat(leases.release(lease)).isFalse();
        assertThat(process().claim()).map(Lease::job).contains(lease.job());
    }
}
