package dev.sluice.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.harness.Await;
import dev.sluice.local.ServersForTests;
import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Processes that make and drop indexes of the same table, or are lost while they do. */
@QuarkusTest
@QuarkusTestResource(ServersForTests.class)
@TestProfile(SegmentIndexesTest.NothingInTheBackground.class)
class SegmentIndexesTest {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "f");

    public static final class NothingInTheBackground implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("sluice.processes", "web");
        }
    }

    @Inject
    SegmentIndexes indexes;

    @Inject
    UnreferencedSegments unreferenced;

    @Inject
    Publish publish;

    @Inject
    AgroalDataSource database;

    private final ExecutorService processes = Executors.newCachedThreadPool();
    private Segment segment;

    @BeforeEach
    void aTableWithoutAnyIndex() {
        segment = new Segment();
        segment.id = Publish.newId();
        segment.tableName = "t_" + segment.id.toString().replace("-", "");
        segment.createdAt = Instant.now();
        NAMES.forEach(n -> segment.columns.add(new Column(n, n, "bigint", null, null, 0, null, null, List.of(), null)));
        run("CREATE TABLE " + segment.sqlName() + " WITH (autovacuum_enabled = off) AS"
                + " SELECT a, a AS b, a AS c, a AS d, a AS e, a AS f FROM generate_series(1, 20000) a");
        QuarkusTransaction.requiringNew().run(() -> {
            segment.persist();
            publish.publish("indexed", List.of(segment), version());
        });
    }

    private static Version version() {
        Version version = new Version();
        version.sha256 = "";
        version.format = new SourceFormat("csv", "UTF-8", ",", "\"", true);
        version.source = Source.UPLOAD;
        version.validators = Validators.NONE;
        return version;
    }

    @AfterEach
    void nothingIsLeft() {
        processes.shutdownNow();
        run("DELETE FROM sluice.dataset");
        assertThat(unreferenced.dropped(segment.id)).isTrue();
    }

    private void run(String sql) {
        new Statements(database).run(sql);
    }

    private List<String> query(String sql) {
        return new Statements(database).query(sql);
    }

    private void want(String columns, IndexState state) {
        run("UPDATE sluice.segment_column SET index_state = '" + state + "' WHERE segment_id = '" + segment.id
                + "' AND name ~ '" + columns + "'");
    }

    private List<String> states() {
        return query("SELECT name || ' ' || index_state FROM sluice.segment_column WHERE segment_id = '" + segment.id
                + "' AND index_state IS NOT NULL ORDER BY 1");
    }

    /** The columns of the indexes that queries use. */
    private List<String> indexed() {
        return query("SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
                + " AND a.attnum = i.indkey[0] WHERE i.indrelid = '" + segment.sqlName()
                + "'::regclass AND i.indisvalid ORDER BY 1");
    }

    private void settleAll() {
        while (indexes.runOnce()) {
            // until none is to be made or dropped
        }
    }

    @Test
    void thereIsNothingToDoUnlessSomethingIsAskedFor() {
        assertThat(indexes.runOnce()).isFalse();
        assertThat(indexed()).isEmpty();
    }

    @Test
    void noIndexIsMadeOrDroppedOfATableThatNoVersionIsMadeOf() {
        want("a", IndexState.building);
        want("b", IndexState.dropping);
        run("DELETE FROM sluice.dataset");

        assertThat(indexes.runOnce()).isFalse();

        assertThat(states()).containsExactly("a building", "b dropping");
    }

    @Test
    void whatALostProcessLeftInvalidIsMadeAnew() {
        want("a", IndexState.building);
        settleAll();
        run("UPDATE pg_index SET indisvalid = false WHERE indrelid = '" + segment.sqlName() + "'::regclass");
        want("a", IndexState.building);

        settleAll();

        assertThat(states()).containsExactly("a ready");
        assertThat(indexed()).containsExactly("a");
        assertThat(query("SELECT indexrelid FROM pg_index WHERE indrelid = '" + segment.sqlName() + "'::regclass"))
                .hasSize(1);
    }

    @Test
    void whatALostProcessHadMadeOrDroppedIsOnlyPutOnRecord() {
        run(Segment.createIndex(segment.tableName, 0, "a"));
        want("a", IndexState.building);
        want("b", IndexState.dropping);

        settleAll();

        assertThat(states()).containsExactly("a ready");
        assertThat(indexed()).containsExactly("a");
    }

    @Test
    void processesThatWorkTogetherMakeEachIndexOnceAndDropEachOnce() throws Exception {
        for (int round = 0; round < 5; round++) {
            want("[a-f]", IndexState.building);
            allProcesses();
            assertThat(states()).containsExactly("a ready", "b ready", "c ready", "d ready", "e ready", "f ready");
            assertThat(indexed()).containsExactlyElementsOf(NAMES);

            want("[a-f]", IndexState.dropping);
            allProcesses();
            assertThat(states()).isEmpty();
            assertThat(indexed()).isEmpty();
        }
    }

    /** Four of them, each until it finds nothing to do; what one passed over while another was there, the last finds. */
    private void allProcesses() throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int process = 0; process < 4; process++) {
            all.add(processes.submit(this::settleAll));
        }
        for (Future<?> process : all) {
            process.get();
        }
        settleAll();
    }

    @Test
    void anIndexThatIsNoLongerWantedWhenItIsMadeIsDropped() throws Exception {
        want("a", IndexState.building);
        Future<Boolean> making;
        try (Connection c = database.getConnection();
                Statement s = c.createStatement()) {
            c.setAutoCommit(false);
            s.execute("LOCK TABLE " + segment.sqlName() + " IN ROW EXCLUSIVE MODE");
            making = processes.submit(indexes::runOnce);
            Await.until(
                    "the index waits for the table",
                    Duration.ofSeconds(30),
                    () -> !query("SELECT 1 FROM pg_locks WHERE relation = '" + segment.sqlName()
                                    + "'::regclass AND mode = 'ShareLock' AND NOT granted")
                            .isEmpty());
            want("a", IndexState.dropping);
            c.rollback();
            c.setAutoCommit(true);
        }

        assertThat(making.get()).isTrue();
        assertThat(states()).containsExactly("a dropping");
        settleAll();
        assertThat(states()).isEmpty();
        assertThat(indexed()).isEmpty();
    }

    @Test
    void anIndexOfATableThatIsGoneIsNoFault() {
        want("a", IndexState.building);
        run("DROP TABLE " + segment.sqlName());

        assertThat(indexes.runOnce()).isTrue();

        assertThat(states()).containsExactly("a failed");
        assertThat(indexes.runOnce()).isFalse();
    }

    @Test
    void aDropThatComesLateLeavesAnIndexThatIsWantedAgainToBeMadeAnew() throws SQLException {
        want("a", IndexState.building);
        settleAll();
        want("a", IndexState.dropping);
        try (Connection slow = database.getConnection()) {
            SegmentIndexes.Due seen = SegmentIndexes.due(slow).orElseThrow();
            want("a", IndexState.building);
            settleAll();
            assertThat(states()).containsExactly("a ready");

            indexes.settle(slow, seen);
        }

        settleAll();
        assertThat(states()).containsExactly("a ready");
        assertThat(indexed()).containsExactly("a");
    }

    @Test
    void anIndexThatIsMadeLateIsDroppedIfItIsNotWantedAnyMore() throws SQLException {
        want("a", IndexState.building);
        try (Connection slow = database.getConnection()) {
            SegmentIndexes.Due seen = SegmentIndexes.due(slow).orElseThrow();
            want("a", IndexState.dropping);
            settleAll();
            assertThat(states()).isEmpty();

            indexes.settle(slow, seen);
        }

        settleAll();
        assertThat(states()).isEmpty();
        assertThat(indexed()).isEmpty();
    }
}
