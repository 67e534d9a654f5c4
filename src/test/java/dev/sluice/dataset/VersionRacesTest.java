package dev.sluice.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.harness.Await;
import dev.sluice.local.ServersForTests;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Publish, restore, retention and drop, interleaved statement by statement on connections of their own. */
@QuarkusTest
@QuarkusTestResource(ServersForTests.class)
@TestProfile(VersionRacesTest.NothingInTheBackground.class)
class VersionRacesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    public static final class NothingInTheBackground implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "sluice.processes", "web", "sluice.dataset.keep-for", "0s", "sluice.dataset.keep-versions", "1");
        }
    }

    @Inject
    Publish publish;

    @Inject
    Retention retention;

    @Inject
    UnreferencedSegments segments;

    @Inject
    AgroalDataSource database;

    @Inject
    @DataSource("reader")
    AgroalDataSource reader;

    private final ExecutorService others = Executors.newCachedThreadPool();

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        others.shutdownNow();
        // One that was told to stop may be in the middle of dropping a table, which is then passed over here.
        assertThat(others.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        in(() -> Dataset.deleteAll());
        while (segments.runOnce()) {
            // until all are dropped
        }
        assertThat(tables()).isEmpty();
    }

    private static <T> T in(Callable<T> transaction) {
        return QuarkusTransaction.requiringNew().call(transaction);
    }

    private List<String> query(String sql) {
        return new Statements(database).query(sql);
    }

    private List<String> tables() {
        return query("SELECT tablename FROM pg_tables WHERE schemaname = 'data' ORDER BY 1");
    }

    private List<String> versionsWithoutTheirTables() {
        return query("""
                SELECT v.number FROM sluice.version v
                LEFT JOIN sluice.version_segment vs ON vs.version_id = v.id LEFT JOIN sluice.segment s ON s.id = vs.segment_id
                WHERE s.id IS NULL OR to_regclass('data.' || s.table_name) IS NULL""");
    }

    private void awaitALockIsWaitedFor() {
        Await.until("a lock is waited for", PATIENCE, () -> !query("""
                        SELECT pid FROM pg_stat_activity
                        WHERE wait_event_type = 'Lock' AND datname = current_database()""").isEmpty());
    }

    private void published(String name, int versions) {
        for (int i = 0; i < versions; i++) {
            in(() -> publish.publish(name, List.of(segment()), draft()));
        }
    }

    private Segment segment() throws SQLException {
        Segment segment = new Segment();
        segment.id = Publish.newId();
        segment.tableName = "t_" + segment.id.toString().replace("-", "");
        segment.createdAt = Instant.now();
        segment.columns = List.of(new Column("a", "a", "bigint", null, null, 0, null, null, List.of(), null));
        try (Connection c = database.getConnection();
                Statement s = c.createStatement()) {
            // Without autovacuum, whose lock is one more reason to pass a table over: here nobody has locks but the
            // tests.
            s.execute("CREATE TABLE " + segment.sqlName() + " WITH (autovacuum_enabled = off)"
                    + " AS SELECT a AS _row, a FROM generate_series(1, 5000) a");
        }
        segment.persist();
        return segment;
    }

    private static Version draft() {
        Version version = new Version();
        version.sha256 = "0";
        version.format = new SourceFormat("csv", "UTF-8", ",", "\"", true);
        version.source = Source.UPLOAD;
        return version;
    }

    private static ErrorCode codeOf(Future<?> failed) {
        try {
            failed.get();
        } catch (Exception e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                if (t instanceof ProblemException problem) {
                    return problem.code();
                }
            }
            throw new AssertionError(e);
        }
        throw new AssertionError("it did not fail");
    }

    @Test
    void aVersionThatIsBeingRestoredIsNeitherDeletedNorIsItsTableDropped() {
        published("a", 2);

        in(() -> {
            publish.restore("a", 1);
            assertThat(retention.runOnce()).isFalse();
            assertThat(segments.runOnce()).isFalse();
            return null;
        });

        assertThat(retention.runOnce()).isTrue();
        assertThat(segments.runOnce()).isTrue();
        assertThat(query("SELECT number FROM sluice.version")).containsExactly("3");
        assertThat(tables()).hasSize(1);
        assertThat(versionsWithoutTheirTables()).isEmpty();
    }

    @Test
    void aRestoreThatComesWhileItsVersionIsBeingDeletedWaitsAndFindsItGone() {
        published("a", 2);

        Future<?> restore = in(() -> {
            assertThat(retention.deleteDue()).isEqualTo(1);
            Future<?> waiting = others.submit(() -> in(() -> publish.restore("a", 1)));
            awaitALockIsWaitedFor();
            return waiting;
        });

        assertThat(codeOf(restore)).isEqualTo(ErrorCode.VERSION_GONE);
        assertThat(query("SELECT number FROM sluice.version")).containsExactly("2");
        assertThat(versionsWithoutTheirTables()).isEmpty();
    }

    @Test
    void aRestoreThatComesWhileItsDatasetIsBeingDeletedFindsNone() {
        published("a", 2);

        Future<?> restore = in(() -> {
            Dataset.delete("name", "a");
            Future<?> waiting = others.submit(() -> in(() -> publish.restore("a", 1)));
            awaitALockIsWaitedFor();
            return waiting;
        });

        assertThat(codeOf(restore)).isEqualTo(ErrorCode.DATASET_NOT_FOUND);
        assertThat(query("SELECT number FROM sluice.version")).isEmpty();
    }

    @Test
    void aTableIsNotDroppedIfAVersionOfItWasCommittedAfterItWasFoundUnreferenced() {
        Segment segment = in(this::segment);
        List<UUID> found = in(segments::some);
        in(() -> publish.publish("a", List.of(Segment.<Segment>findById(segment.id)), draft()));

        assertThat(found).containsExactly(segment.id);
        assertThat(in(() -> segments.drop(segment.id))).isFalse();
        assertThat(tables()).hasSize(1);
        assertThat(versionsWithoutTheirTables()).isEmpty();
    }

    @Test
    void aTableIsNotDroppedWhileAVersionOfItIsBeingCommitted() {
        Segment segment = in(this::segment);

        in(() -> {
            publish.publish("a", List.of(Segment.<Segment>findById(segment.id)), draft());
            assertThat(in(() -> segments.drop(segment.id))).isFalse();
            return null;
        });

        assertThat(versionsWithoutTheirTables()).isEmpty();
        assertThat(tables()).hasSize(1);
    }

    @Test
    void aVersionOfATableThatIsBeingDroppedCannotBeCommitted() {
        Segment segment = in(this::segment);

        Future<?> publishing = in(() -> {
            assertThat(segments.drop(segment.id)).isTrue();
            Future<?> waiting = others.submit(() ->
                    in(() -> publish.publish("a", List.of(Segment.<Segment>findById(segment.id)), draft())));
            awaitALockIsWaitedFor();
            return waiting;
        });

        assertThatThrownBy(publishing::get).hasStackTraceContaining("violates foreign key constraint");
        assertThat(query("SELECT id FROM sluice.version")).isEmpty();
        assertThat(tables()).isEmpty();
    }

    @Test
    void anUnpublishedSegmentOfALoadIsNotSwept() {
        in(() -> {
            Segment segment = segment();
            Segment.flush();
            assertThat(segments.runOnce()).isFalse();
            publish.publish("a", List.of(segment), draft());
            assertThat(segments.runOnce()).isFalse();
            return null;
        });

        assertThat(versionsWithoutTheirTables()).isEmpty();
        assertThat(tables()).hasSize(1);
    }

    @Test
    void twoProcessesNeverDropTheSameTable() {
        Segment segment = in(this::segment);

        in(() -> {
            assertThat(segments.drop(segment.id)).isTrue();
            assertThat(in(() -> segments.drop(segment.id))).isFalse();
            return null;
        });

        assertThat(tables()).isEmpty();
    }

    @Test
    void whatIsReadIsPassedOverWithoutAnyReaderWaitingAndDroppedAfterwards() throws Exception {
        Segment read = in(this::segment);
        List<Segment> free = List.of(in(this::segment), in(this::segment));
        String sql = "SELECT a FROM " + read.sqlName() + " ORDER BY _row";
        try (Connection c = reader.getConnection();
                Connection second = reader.getConnection()) {
            c.setAutoCommit(false);
            Statement cursor = c.createStatement();
            cursor.setFetchSize(100);
            try (ResultSet rows = cursor.executeQuery(sql);
                    Statement another = second.createStatement()) {
                rows.next();
                another.execute("SET lock_timeout = '200ms'");

                assertThat(segments.runOnce()).isTrue();
                assertThat(tables()).containsExactly(read.tableName).doesNotContain(free.getFirst().tableName);
                Future<Boolean> dropping = others.submit(() -> {
                    boolean dropped = false;
                    for (int i = 0; i < 50; i++) {
                        dropped |= segments.runOnce() || segments.dropped(read.id);
                    }
                    return dropped;
                });
                while (!dropping.isDone()) {
                    another.executeQuery(sql).close(); // fails if it waits for longer than its lock_timeout
                }
                assertThat(dropping.get()).isFalse();
                int count = 1;
                while (rows.next()) {
                    count++;
                }
                assertThat(count).isEqualTo(5000);
            }
            c.rollback();
            second.createStatement().execute("RESET lock_timeout");
        }
        assertThat(segments.runOnce()).isTrue();
        assertThat(tables()).isEmpty();
    }

    @Test
    void manyThatCannotBeDroppedKeepOthersFromNothing() throws Exception {
        List<Segment> held = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            held.add(in(this::segment));
        }
        try (Connection c = database.getConnection();
                Statement s = c.createStatement()) {
            s.execute("CREATE VIEW public.dependent AS SELECT a FROM "
                    + held.removeLast().sqlName());
            try {
                c.setAutoCommit(false);
                for (Segment segment : held) {
                    s.executeQuery("SELECT a FROM " + segment.sqlName() + " LIMIT 1")
                            .close();
                }
                Segment free = in(this::segment);

                assertThat(segments.runOnce()).isTrue();

                assertThat(tables()).hasSize(60).doesNotContain(free.tableName);
                assertThat(segments.runOnce()).isFalse();
            } finally {
                c.rollback();
                c.setAutoCommit(true);
                s.execute("DROP VIEW public.dependent");
            }
        }
    }

    @Test
    void retentionPassesOverADatasetThatIsBeingPublishedAndDeletesOfAllOthers() {
        published("a", 3);
        published("b", 3);

        in(() -> {
            publish.publish("a", List.of(segment()), draft());
            assertThat(retention.runOnce()).isTrue();
            return null;
        });

        assertThat(query("SELECT d.name || v.number FROM sluice.version v JOIN sluice.dataset d ON d.id = v.dataset_id"
                        + " ORDER BY d.name, v.number"))
                .containsExactly("a1", "a2", "a3", "a4", "b3");
        assertThat(retention.runOnce()).isTrue();
        assertThat(query("SELECT number FROM sluice.version ORDER BY number")).containsExactly("3", "4");
    }

    @Test
    void aVersionIsSupersededWhenItsSuccessorIsPublishedAndNotWhenThatBeganToLoad() {
        published("a", 1);
        in(() -> {
            Segment loading = segment();
            Segment.flush();
            query("SELECT pg_sleep(0.3)");
            return publish.publish("a", List.of(loading), draft());
        });

        assertThat(query("SELECT v.superseded_at >= n.created_at - interval '0.2 second' FROM sluice.version v"
                        + " JOIN sluice.version n ON n.number = 2 WHERE v.number = 1"))
                .containsExactly("t");
        assertThat(query("SELECT number FROM sluice.version WHERE superseded_at IS NULL"))
                .containsExactly("2");
    }

    @Test
    void aVersionThatAnOlderReleaseSupersededIsStampedByTheNextPublish() {
        published("a", 2);
        in(() -> Version.getEntityManager()
                .createNativeQuery("UPDATE sluice.version SET superseded_at = NULL")
                .executeUpdate());
        assertThat(retention.runOnce()).isFalse();

        published("a", 1);

        assertThat(retention.runOnce()).isTrue();
        assertThat(query("SELECT number FROM sluice.version")).containsExactly("3");
    }

    @Test
    void whoeverReadsAVersionThatIsBeingDeletedSeesItWholeOrGone() throws Exception {
        published("a", 1);
        Future<Integer> readers = others.submit(() -> {
            int read = 0;
            while (!Thread.currentThread().isInterrupted() && read < 300) {
                DatasetView view = in(() -> DatasetView.of(Dataset.named("a").currentVersion));
                assertThat(view.columns()).hasSize(1);
                read++;
            }
            return read;
        });
        int published = 1;
        while (!readers.isDone()) {
            published("a", 1);
            published++;
            retention.runOnce();
        }
        assertThat(readers.get()).isEqualTo(300);
        assertThat(published).isGreaterThan(3);
    }

    @Test
    void whateverComesTogetherNoVersionIsLeftWithoutItsTable() throws Exception {
        published("a", 3);
        List<Future<?>> restores = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            restores.add(others.submit(() -> {
                for (int i = 0; i < 40; i++) {
                    int last = Integer.parseInt(
                            query("SELECT last_number FROM sluice.dataset").getFirst());
                    try {
                        in(() -> publish.restore("a", Math.max(1, last - 1)));
                    } catch (ProblemException e) {
                        assertThat(e.code()).isEqualTo(ErrorCode.VERSION_GONE);
                        published("a", 1);
                    }
                }
            }));
        }
        Future<?> sweeping = others.submit(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                retention.runOnce();
                segments.runOnce();
                assertThat(versionsWithoutTheirTables()).isEmpty();
            }
        });
        for (Future<?> restore : restores) {
            restore.get();
        }
        assertThat(sweeping.isDone()).isFalse();
        sweeping.cancel(true);
    }
}
