package dev.sluice.dataset;

import dev.sluice.platform.Background;
import dev.sluice.platform.ProcessType;
import dev.sluice.platform.Processes;
import dev.sluice.platform.database.CatalogPool;
import dev.sluice.platform.database.TimeLimit;
import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Makes and drops the indexes of tables that are being read, without a reader ever waiting. Nobody writes to these tables,
 * so an index is made by the plain statement: it keeps out writers alone, unlike the one with {@code CONCURRENTLY} waits
 * for nobody, and leaves nothing when it fails. Any number of processes may do this at the same time: every step is one
 * statement, to be repeated by anybody if its process is lost.
 */
@ApplicationScoped
class SegmentIndexes {
    private static final Logger LOG = Logger.getLogger(SegmentIndexes.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final String CANCELLED = "57014"; // query_canceled

    /** What SQLSTATEs begin with that trying again does not mend: a value too long, no such table, no room, and a cancel. */
    private static final List<String> FINAL = List.of("54", "42", "53100", CANCELLED);

    private final AgroalDataSource database;
    private final DatasetConfig config;

    SegmentIndexes(AgroalDataSource database, DatasetConfig config) {
        this.database = database;
        this.config = config;
    }

    void start(@Observes StartupEvent event, Processes processes, CatalogPool connections, Background background) {
        if (processes.include(ProcessType.WORKER)) {
            connections.addLong(1);
            background.repeat("segment-indexes", PAUSE, this::runOnce);
        }
    }

    /** Makes or drops one index; false if there is none to be made or dropped. */
    boolean runOnce() {
        try (Connection c = database.getConnection()) {
            Optional<Due> due = due(c);
            if (due.isPresent()) {
                settle(c, due.get());
            }
            return due.isPresent();
        } catch (SQLException e) {
            if (CANCELLED.equals(e.getSQLState())) {
                LOG.infof("An index is dropped later: its table has been read for as long as a statement may take");
                return false;
            }
            throw new IllegalStateException(e);
        }
    }

    /** A column whose index is to be made or dropped. */
    record Due(UUID segment, String table, int position, String column, IndexState state) {
        String index() {
            return Segment.sqlName(Segment.indexName(table, position));
        }
    }

    /**
     * One at random, of a table that is not to be dropped itself and that nobody works on at this moment; and nobody reads, if
     * it is to be dropped.
     */
    static Optional<Due> due(Connection c) throws SQLException {
        String sql = """
                SELECT s.id, s.table_name, c.position, c.name, c.index_state
                FROM sluice.segment_column c JOIN sluice.segment s ON s.id = c.segment_id
                WHERE c.index_state IN ('building', 'dropping')
                  AND EXISTS (SELECT FROM sluice.version_segment v WHERE v.segment_id = s.id)
                  AND NOT EXISTS (
                    SELECT FROM pg_locks l
                    WHERE l.relation = to_regclass('data."' || s.table_name || '"')
                      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                      AND (c.index_state = 'dropping' OR l.mode IN ('ShareLock', 'ShareUpdateExclusiveLock')))
                ORDER BY random() LIMIT 1""";
        try (Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            return r.next()
                    ? Optional.of(new Due(
                            r.getObject(1, UUID.class),
                            r.getString(2),
                            r.getInt(3),
                            r.getString(4),
                            IndexState.valueOf(r.getString(5))))
                    : Optional.empty();
        }
    }

    /** Does what there was to do when it was found; others may have done it, or asked for something else, since. */
    void settle(Connection c, Due due) throws SQLException {
        if (due.state() == IndexState.dropping) {
            drop(c, due);
            return;
        }
        if (valid(c, due).equals(Optional.of(false))) {
            drop(c, due); // a process was lost that dropped it
        }
        try {
            create(c, due);
        } catch (SQLException e) {
            if (!valid(c, due).equals(Optional.of(true))) { // else another process has made it meanwhile
                if (FINAL.stream().noneMatch(String.valueOf(e.getSQLState())::startsWith)) {
                    throw e;
                }
                LOG.warnf("Column %s of segment %s is not indexed: %s", due.column(), due.segment(), e.getMessage());
                record(c, due, "CASE index_state WHEN 'building' THEN 'failed' ELSE index_state END");
                return;
            }
        }
        // Null: another process has dropped it before, and put that on record.
        record(c, due, "CASE index_state WHEN 'building' THEN 'ready' ELSE coalesce(index_state, 'dropping') END");
    }

    /** In a transaction of its own: when that ends other statements have the limit that they had. */
    private void create(Connection c, Due due) throws SQLException {
        c.setAutoCommit(false);
        try {
            TimeLimit.ofTransaction(c, config.indexTimeLimit());
            execute(c, Segment.createIndex(due.table(), due.position(), due.column()));
            c.commit();
        } catch (SQLException e) {
            c.rollback();
            throw e;
        } finally {
            c.setAutoCommit(true);
        }
    }

    /** Whether queries use the index; empty if there is none. */
    private static Optional<Boolean> valid(Connection c, Due due) throws SQLException {
        try (PreparedStatement s =
                c.prepareStatement("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(?)")) {
            s.setString(1, due.index());
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? Optional.of(r.getBoolean(1)) : Optional.empty();
            }
        }
    }

    /** By the statement that lets others read the table while it waits for those who have begun to. */
    private static void drop(Connection c, Due due) throws SQLException {
        execute(c, "DROP INDEX CONCURRENTLY IF EXISTS " + due.index());
        // Ready: it was asked for again, and another process found it before it was dropped here.
        record(c, due, "CASE index_state WHEN 'dropping' THEN NULL WHEN 'ready' THEN 'building' ELSE index_state END");
    }

    /** What has been done, whatever was asked for or done by others meanwhile. */
    private static void record(Connection c, Due due, String state) throws SQLException {
        String sql =
                "UPDATE sluice.segment_column SET index_state = " + state + " WHERE segment_id = ? AND position = ?";
        try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setObject(1, due.segment());
            s.setInt(2, due.position());
            s.executeUpdate();
        }
    }

    private static void execute(Connection c, String sql) throws SQLException {
        try (Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }
}
