package dev.sluice.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.arjuna.ats.internal.jta.transaction.arjunacore.TransactionSynchronizationRegistryImple;
import dev.sluice.harness.Servers;
import dev.sluice.harness.Sql;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeasesIT {
    private static final TransactionManager TRANSACTIONS = com.arjuna.ats.jta.TransactionManager.transactionManager();

    private static Map<String, String> configuration;
    private static AgroalDataSource database;

    @BeforeAll
    static void start() throws SQLException {
        configuration = Servers.migratedDatabase();
        database = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(4)
                        .transactionIntegration(new NarayanaTransactionIntegration(
                                TRANSACTIONS, new TransactionSynchronizationRegistryImple()))
                        .connectionFactoryConfiguration(c -> c.jdbcUrl(configuration.get("quarkus.datasource.jdbc.url"))
                                .principal(new NamePrincipal(configuration.get("quarkus.datasource.username")))
                                .credential(new SimplePassword(configuration.get("quarkus.datasource.password"))))));
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    private static Leases process() {
        return process(Duration.ofSeconds(30));
    }

    private static Leases process(Duration lease) {
        return new Leases(database, database, () -> lease);
    }

    private static <T> T inTransaction(Callable<T> work) throws Exception {
        TRANSACTIONS.begin();
        try {
            return work.call();
        } finally {
            TRANSACTIONS.commit();
        }
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

    /** Whoever cancels sees the row as it was before, and waits for whoever puts it back. */
    @Test
    void aJobThatIsPutBackWhileItIsCancelledEndsAtOnce() throws Exception {
        Leases leases = process();
        Lease lease = leases.take(UUID.randomUUID());
        FutureTask<Boolean> cancelled = new FutureTask<>(() -> inTransaction(() -> leases.cancel(lease.job())));
        inTransaction(() -> {
            leases.requeue(lease, Duration.ZERO);
            Thread.startVirtualThread(cancelled);
            while (Sql.query(
                            configuration,
                            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type ="
                                    + " 'Lock'")
                    .isEmpty()) {
                assertThat(cancelled).isNotDone();
            }
            return null;
        });

        assertThat(cancelled.get()).isTrue();
        assertThat(Sql.query(configuration, "SELECT job FROM sluice.lease WHERE job = '" + lease.job() + "'"))
                .isEmpty();
    }

    /** A pooler gives a connection to another client as soon as a transaction has ended. */
    @Test
    void aConnectionThatIsInAnotherTransactionByNowIsNotEnded() throws SQLException {
        Leases leases = process(Duration.ZERO);
        Lease lease = leases.take(UUID.randomUUID());
        try (Connection pooled = connection()) {
            leases.loadsIn(lease, Backend.of(pooled));
            pooled.rollback();
            assertThat(Backend.of(pooled).pid()).isPositive(); // the next transaction

            assertThat(leases.takeExpired(100)).extracting(Lease::job).contains(lease.job());

            assertThat(isAlive(pooled)).isTrue();
        }
    }

    @Test
    void theTransactionThatAnExpiredJobLoadsInIsEnded() throws SQLException {
        Leases leases = process(Duration.ZERO);
        Lease lease = leases.take(UUID.randomUUID());
        try (Connection frozen = connection()) {
            leases.loadsIn(lease, Backend.of(frozen));

            assertThat(leases.takeExpired(100)).extracting(Lease::job).contains(lease.job());

            assertThat(isAlive(frozen)).isFalse();
        }
    }

    @Test
    void aLockOnOneLeaseKeepsNoOtherFromBeingRenewed() throws SQLException {
        Leases leases = process();
        Lease locked = leases.take(UUID.randomUUID());
        Lease other = leases.take(UUID.randomUUID());
        try (Connection publishing = connection();
                Statement s = publishing.createStatement()) {
            s.execute("DELETE FROM sluice.lease WHERE job = '" + locked.job() + "'");

            Map<UUID, Boolean> still = leases.renew(List.of(new Progress(locked, 1, 1), new Progress(other, 2, 2)));

            assertThat(still).containsOnly(Map.entry(locked.job(), false), Map.entry(other.job(), false));
            assertThat(leases.progress(List.of(other.job()))).containsValue(new Progress(other, 2, 2));
            publishing.rollback();
        }
    }

    @Test
    void aLeaseThatIsGoneIsNotAmongThoseThatAreHeldStill() throws SQLException {
        Leases leases = process();
        Lease gone = leases.take(UUID.randomUUID());
        Lease taken = leases.take(UUID.randomUUID());
        Lease cancelled = leases.take(UUID.randomUUID());
        leases.release(gone);
        leases.cancel(cancelled.job());
        Lease before = new Lease(taken.job(), taken.token() - 1);

        Map<UUID, Boolean> still = leases.renew(
                List.of(new Progress(gone, 0, 0), new Progress(before, 0, 0), new Progress(cancelled, 0, 0)));

        assertThat(still).containsOnly(Map.entry(cancelled.job(), true));
    }

    private static Connection connection() throws SQLException {
        Connection connection = DriverManager.getConnection(
                configuration.get("quarkus.datasource.jdbc.url"),
                configuration.get("quarkus.datasource.username"),
                configuration.get("quarkus.datasource.password"));
        connection.setAutoCommit(false);
        return connection;
    }

    private static boolean isAlive(Connection connection) throws SQLException {
        return connection.isValid(10);
    }
}
