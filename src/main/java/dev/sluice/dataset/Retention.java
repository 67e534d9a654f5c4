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
import java.sql.SQLException;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Deletes versions that need not be kept: not current, not among their dataset's newest, and superseded and read long enough ago.
 * Their tables are left to {@link UnreferencedSegments}. Any number of processes may do this at the same time.
 */
@ApplicationScoped
class Retention {
    private static final Logger LOG = Logger.getLogger(Retention.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** Holding a dataset's row keeps out publishes and restores; a dataset that one of those holds has its turn later. */
    private static final String DELETE_DUE = """
            WITH held AS (
              SELECT d.id, d.current_version_id, d.last_number - coalesce(d.keep_versions, ?) AS newest_due
              FROM sluice.dataset d
              WHERE EXISTS (
                SELECT FROM sluice.version v
                WHERE v.dataset_id = d.id AND v.number <= d.last_number - coalesce(d.keep_versions, ?)
                  AND greatest(v.superseded_at, v.read_at) <= clock_timestamp() - ? * interval '1 millisecond')
              LIMIT 100 FOR NO KEY UPDATE SKIP LOCKED)
            DELETE FROM sluice.version v USING held
            WHERE v.dataset_id = held.id AND v.number <= held.newest_due AND v.id <> held.current_version_id
              AND greatest(v.superseded_at, v.read_at) <= clock_timestamp() - ? * interval '1 millisecond'""";

    private final AgroalDataSource database;
    private final DatasetConfig config;

    Retention(AgroalDataSource database, DatasetConfig config) {
        this.database = database;
        this.config = config;
    }

    void start(@Observes StartupEvent event, Processes processes, Background background) {
        if (processes.include(ProcessType.WORKER)) {
            background.repeat("retention", PAUSE, this::runOnce);
        }
    }

    /** Deletes what is due of some datasets; false if nothing was. */
    boolean runOnce() {
        int deleted = QuarkusTransaction.requiringNew().call(this::deleteDue);
        if (deleted > 0) {
            LOG.infof("%d versions are no longer kept", deleted);
        }
        return deleted > 0;
    }

    /** The same in the caller's transaction; how many. */
    int deleteDue() throws SQLException {
        try (Connection c = database.getConnection();
                PreparedStatement s = c.prepareStatement(DELETE_DUE)) {
            s.setInt(1, config.keepVersions());
            s.setInt(2, config.keepVersions());
            s.setLong(3, config.keepFor().toMillis());
            s.setLong(4, config.keepFor().toMillis());
            return s.executeUpdate();
        }
    }
}
