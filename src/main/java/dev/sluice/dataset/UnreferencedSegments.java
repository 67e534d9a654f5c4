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
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Drops the tables that no version is made of any more, without ever making a reader wait. */
@ApplicationScoped
class UnreferencedSegments {
    /** A table somebody reads is left for later; who wants to read it meanwhile waits no longer than this. */
    private static final String LOCK_TIMEOUT = "100ms";

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final AgroalDataSource database;

    UnreferencedSegments(AgroalDataSource database) {
        this.database = database;
    }

    void start(@Observes StartupEvent event, Processes processes, Background background) {
        if (processes.include(ProcessType.WORKER)) {
            background.repeat("unreferenced-segments", PAUSE, this::runOnce);
        }
    }

    /** Drops one; false if there was none, or it is being read. */
    boolean runOnce() {
        return QuarkusTransaction.requiringNew().call(this::dropOne);
    }

    private boolean dropOne() throws SQLException {
        String find = """
                SELECT s.id, s.table_name FROM sluice.segment s
                WHERE NOT EXISTS (SELECT FROM sluice.version_segment v WHERE v.segment_id = s.id)
                ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED""";
        try (Connection c = database.getConnection();
                Statement s = c.createStatement()) {
            String id;
            String table;
            try (ResultSet r = s.executeQuery(find)) {
                if (!r.next()) {
                    return false;
                }
                id = r.getString(1);
                table = r.getString(2);
            }
            s.execute("SET LOCAL lock_timeout = '" + LOCK_TIMEOUT + "'");
            s.execute("DROP TABLE IF EXISTS " + Segment.sqlName(table));
            s.execute("DELETE FROM sluice.segment WHERE id = '" + id + "'");
            return true;
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                QuarkusTransaction.setRollbackOnly();
                return false;
            }
            throw e;
        }
    }
}
