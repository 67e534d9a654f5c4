package dev.sluice.dataset;

import dev.sluice.platform.Background;
import dev.sluice.platform.ProcessType;
import dev.sluice.platform.Processes;
import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Drops the tables that no version is made of any more, without ever making a reader wait: a table that somebody reads
 * is passed over and tried again. Any number of processes may do this at the same time.
 */
@ApplicationScoped
class UnreferencedSegments {
    private static final Logger LOG = Logger.getLogger(UnreferencedSegments.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** For what a drop locks besides the table, which is locked at once or not at all. */
    private static final String LOCK_TIMEOUT = "100ms";

    private final AgroalDataSource database;

    UnreferencedSegments(AgroalDataSource database) {
        this.database = database;
    }

    void start(@Observes StartupEvent event, Processes processes, Background background) {
        if (processes.include(ProcessType.WORKER)) {
            background.repeat("unreferenced-segments", PAUSE, this::runOnce);
        }
    }

    /** Tries to drop some, each in a transaction of its own; false if none could be. */
    boolean runOnce() {
        boolean dropped = false;
        for (UUID segment : QuarkusTransaction.requiringNew().call(this::some)) {
            dropped |= dropped(segment);
        }
        return dropped;
    }

    /**
     * Some that nobody has a lock on at this moment, at random: however many there are that cannot be dropped, all others
     * have their turn.
     */
    List<UUID> some() throws SQLException {
        String sql = """
                SELECT s.id FROM sluice.segment s
                WHERE NOT EXISTS (SELECT FROM sluice.version_segment v WHERE v.segment_id = s.id)
                  AND NOT EXISTS (
                    SELECT FROM pg_locks l
                    WHERE l.relation = to_regclass('data."' || s.table_name || '"')
                      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
                ORDER BY random() LIMIT 100""";
        try (Connection c = database.getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            List<UUID> found = new ArrayList<>();
            while (r.next()) {
                found.add(r.getObject(1, UUID.class));
            }
            return found;
        }
    }

    /** Drops one in a transaction of its own; false if it could not be. */
    boolean dropped(UUID segment) {
        try {
            return QuarkusTransaction.requiringNew().call(() -> drop(segment));
        } catch (RuntimeException e) {
            if (!(e.getCause() instanceof SQLException s && LOCK_NOT_AVAILABLE.equals(s.getSQLState()))) {
                LOG.warnf(
                        "The table of segment %s could not be dropped and is tried again: %s", segment, e.getMessage());
            }
            return false;
        }
    }

    /**
     * Drops one in the caller's transaction; false if it is being dropped or a version is made of it. From here to the
     * commit nobody can make a version of it: the foreign key waits for the row.
     *
     * @throws SQLException also if the table is being read; the transaction can then only be rolled back
     */
    boolean drop(UUID segment) throws SQLException {
        try (Connection c = database.getConnection();
                Statement s = c.createStatement()) {
            s.execute("SET LOCAL lock_timeout = '" + LOCK_TIMEOUT + "'");
            String table = hold(c, segment) ? delete(c, segment) : null;
            if (table == null) {
                return false;
            }
            if (exists(c, table)) {
                s.execute("LOCK TABLE " + Segment.sqlName(table) + " IN ACCESS EXCLUSIVE MODE NOWAIT");
                s.execute("DROP TABLE " + Segment.sqlName(table));
            }
            return true;
        }
    }

    private static boolean hold(Connection c, UUID segment) throws SQLException {
        String sql = "SELECT FROM sluice.segment WHERE id = ? FOR UPDATE SKIP LOCKED";
        try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setObject(1, segment);
            try (ResultSet r = s.executeQuery()) {
                return r.next();
            }
        }
    }

    /** A statement after the one that took the lock: it sees a version that was committed in between. */
    private static String delete(Connection c, UUID segment) throws SQLException {
        String sql = """
                DELETE FROM sluice.segment s
                WHERE s.id = ? AND NOT EXISTS (SELECT FROM sluice.version_segment v WHERE v.segment_id = s.id)
                RETURNING s.table_name""";
        try (PreparedStatement s = c.prepareStatement(sql)) {
            s.setObject(1, segment);
            try (ResultSet r = s.executeQuery()) {
                return r.next() ? r.getString(1) : null;
            }
        }
    }

    private static boolean exists(Connection c, String table) throws SQLException {
        try (PreparedStatement s = c.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
            s.setString(1, Segment.sqlName(table));
            try (ResultSet r = s.executeQuery()) {
                r.next();
                return r.getBoolean(1);
            }
        }
    }
}
