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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
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

    @BeforeEach
    void empty() {
        Sql.run(configuration, "TRUNCATE sluice.lease");
    }

    private static UUID queued(Leases leases, String party) throws SQLException {
        UUID job = UUID.randomUUID();
        leases.enqueue(job, party);
        return job;
    }

    private static void queue(String party, int jobs) {
        Sql.run(
                configuration,
                "INSERT INTO sluice.lease (job, token, due, party) SELECT gen_random_uuid(), 0,"
                        + " clock_timestamp() - interval '1 hour' + i * interval '1 millisecond', '" + party
                        + "' FROM generate_series(1, " + jobs + ") AS i");
    }

    /** The job that is next; {@code null} if none is found. */
    private static UUID claimed(Leases leases, String... but) throws SQLException {
        return leases.claim(List.of(but)).map(claim -> claim.lease().job()).orElse(null);
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
        assertThat(claimed(process())).isEqualTo(lease.job());
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

    @Test
    void thePartyWithTheFewestJobsHeldComesFirst() throws SQLException {
        Leases leases = process();
        Leases other = process();
        UUID first = queued(leases, "a");
        UUID second = queued(leases, "a");
        UUID third = queued(leases, "a");
        UUID ofB = queued(leases, "b");

        assertThat(claimed(leases)).as("none holds any: the oldest").isEqualTo(first);
        assertThat(claimed(other)).isEqualTo(ofB);
        assertThat(claimed(other)).as("both hold one: the oldest").isEqualTo(second);
        UUID nextOfB = queued(leases, "b");
        assertThat(claimed(leases)).isEqualTo(nextOfB);
        assertThat(claimed(leases)).isEqualTo(third);
        assertThat(claimed(leases)).isNull();
    }

    @Test
    void aJobIsNextThoughAnotherPartyHasALongQueueBeforeIt() throws SQLException {
        queue("a", 20_000);
        Leases leases = process();
        assertThat(claimed(leases)).isNotNull();

        UUID ofB = queued(process(), "b");

        assertThat(claimed(leases)).as("by a process that looked before").isEqualTo(ofB);
    }

    @Test
    void partiesThatAreToBePassedOverAreFoundLater() throws SQLException {
        Leases leases = process();
        UUID ofA = queued(leases, "a");
        UUID ofB = queued(leases, "b");

        assertThat(claimed(leases, "a")).isEqualTo(ofB);
        assertThat(claimed(leases, "a", "b")).isNull();
        assertThat(claimed(leases)).isEqualTo(ofA);
    }

    @Test
    void aJobWhoseRowIsLockedKeepsNoOtherJobFromBeingTaken() throws Exception {
        Leases leases = process();
        queued(leases, "a");
        UUID second = queued(leases, "a");
        UUID ofB = queued(leases, "b");

        inTransaction(() -> {
            leases.claim(List.of());
            FutureTask<List<UUID>> others =
                    new FutureTask<>(() -> Arrays.asList(claimed(process()), claimed(process()), claimed(process())));
            Thread.startVirtualThread(others);
            assertThat(others.get()).containsExactly(second, ofB, null);
            return null;
        });
    }

    /** As it inserts them that knows no parties. */
    @Test
    void aJobThatAnEarlierReleaseQueuedIsTaken() throws SQLException {
        UUID job = UUID.randomUUID();
        Sql.run(
                configuration,
                "INSERT INTO sluice.lease (job, token, due) VALUES ('" + job + "', 0, clock_timestamp())");

        assertThat(process().claim(List.of())).map(Claim::party).contains("");
    }

    @Test
    void manyWorkersTakeEachJobOnceAndNoneGoesWhileAJobWaits() throws Exception {
        int jobs = 600;
        for (String party : List.of("a", "b", "c")) {
            queue(party, jobs / 3);
        }
        List<FutureTask<List<UUID>>> workers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            Leases leases = process();
            workers.add(new FutureTask<>(() -> {
                List<UUID> taken = new ArrayList<>();
                for (UUID job = claimed(leases); job != null; job = claimed(leases)) {
                    taken.add(job);
                }
                return taken;
            }));
        }

        workers.forEach(Thread::startVirtualThread);

        Set<UUID> all = new HashSet<>();
        for (FutureTask<List<UUID>> worker : workers) {
            for (UUID job : worker.get()) {
                assertThat(all.add(job)).as("taken once").isTrue();
            }
        }
        assertThat(all).hasSize(jobs);
    }
}
