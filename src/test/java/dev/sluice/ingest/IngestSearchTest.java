package dev.sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.local.ServersForTests;
import dev.sluice.platform.Cursor;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.identity.Scope;
import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ingests among many of other datasets. */
@QuarkusTest
@QuarkusTestResource(ServersForTests.class)
class IngestSearchTest {
    private static final int MOST = 101;

    @Inject
    IngestSearch search;

    @Inject
    EntityManager entities;

    @Inject
    AgroalDataSource database;

    @BeforeEach
    void fewOldIngestsAmongManyOfOthers() {
        ingests("other-' || n % 300 || '", 30_000, 0);
        ingests("many-' || n || '", 1_500, 40_000);
        ingests("sales-' || n % 7 || '", 150, 50_000);
        ingests("sales", 3, 50_000);
        ingests("sales_old", 3, 50_000);
        ingests("mine", 500, 60_000);
        run("ANALYZE sluice.ingest");
    }

    /** @param age of the youngest, in seconds; some are of the same moment */
    private void ingests(String dataset, int count, int age) {
        run("""
                INSERT INTO sluice.ingest (id, dataset, state, attempt, source_kind, created_at)
                SELECT gen_random_uuid(), '%s', (ARRAY['succeeded', 'succeeded', 'failed', 'unchanged'])[1 + n %% 4], 1, 'upload',
                  timestamptz '2026-01-01' - (%d + n / 3) * interval '1 second'
                FROM generate_series(1, %d) n""".formatted(dataset, age, count));
    }

    @AfterEach
    void nothingIsLeft() {
        run("TRUNCATE sluice.ingest");
    }

    private void run(String sql) {
        try (Connection c = database.getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Caller caller(String... datasets) {
        return new Caller("key", "key", Scope.READ, List.of(datasets));
    }

    private List<UUID> found(Caller caller, IngestState state, String dataset, Cursor after) {
        return QuarkusTransaction.requiringNew()
                .call(() ->
                        ids(search.newest(caller, state, dataset, after, MOST).toList()));
    }

    private static List<UUID> ids(List<Ingest> ingests) {
        return ingests.stream().map(i -> i.id).toList();
    }

    private static Cursor cursor(Ingest ingest) {
        return new Cursor(ingest.createdAt, ingest.id);
    }

    @Test
    void aPageIsWhatTheCallerMaySeeOfAllIngestsFromTheCursorOn() {
        List<Ingest> all = QuarkusTransaction.requiringNew()
                .call(() ->
                        Ingest.<Ingest>find("order by createdAt desc, id desc").list());
        List<Caller> callers = List.of(
                caller(),
                caller("mine"),
                caller("sales"),
                caller("sales-*"),
                caller("sales*", "sales-1", "mine"),
                caller("*-1*", "sales"),
                caller("many-*"),
                caller("many", "many-7"),
                caller("none", "none-*"));
        for (Caller caller : callers) {
            List<Ingest> may =
                    all.stream().filter(i -> caller.mayUse(i.dataset)).toList();
            for (IngestState state : new IngestState[] {null, IngestState.failed, IngestState.queued}) {
                for (String dataset : new String[] {null, "mine", "sales-1", "gone"}) {
                    List<Ingest> wanted = may.stream()
                            .filter(i -> state == null || i.state == state)
                            .filter(i -> dataset == null || i.dataset.equals(dataset))
                            .toList();
                    for (int from : new int[] {0, 1, 60, 400}) {
                        if (from <= wanted.size()) {
                            Cursor after = from == 0 ? Cursor.START : cursor(wanted.get(from - 1));
                            assertThat(found(caller, state, dataset, after))
                                    .as("%s %s %s from %d", caller.datasets(), state, dataset, from)
                                    .isEqualTo(ids(wanted.stream()
                                            .skip(from)
                                            .limit(MOST)
                                            .toList()));
                        }
                    }
                }
            }
        }
    }

    @Test
    void aKeyOfFewDatasetsReadsFewRowsOfOthers() {
        for (Caller caller : List.of(
                caller("mine"), caller("many"), caller("sales-*"), caller("none-*"), caller("mine", "sales*"))) {
            for (IngestState state : new IngestState[] {null, IngestState.failed, IngestState.queued}) {
                for (String dataset : new String[] {null, "mine"}) {
                    long rows = QuarkusTransaction.requiringNew().call(() -> {
                        long before = read();
                        assertThat(search.newest(caller, state, dataset, Cursor.START, MOST))
                                .hasSizeLessThan(MOST + 1);
                        return read() - before;
                    });
                    assertThat(rows)
                            .as("%s %s %s", caller.datasets(), state, dataset)
                            .isLessThan(1_000);
                }
            }
        }
    }

    /** Rows of the table that this transaction has read. */
    private long read() {
        return (long) entities.createNativeQuery(
                        "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'ingest'",
                        Long.class)
                .getSingleResult();
    }

    @Test
    void aPrefixThatBeginsWithAnotherOneIsCoveredByItAndANameIsNoPrefix() {
        assertThat(IngestSearch.prefixes(List.of("b*c", "a", "ab*", "b", "*"))).containsExactly("");
        assertThat(IngestSearch.prefixes(List.of("sales-1", "sales-*", "mine", "sales_old")))
                .containsExactly("sales-");
    }
}
