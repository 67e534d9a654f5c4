package dev.sluice.access.audit;

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
import org.jboss.logging.Logger;

/**
 * Makes the tables of the audit's months before they begin, and drops those that are too old. Any number of
 * processes may do this at the same time: one takes a step, and the others find nothing to do. An entry of a month
 * without a table goes to {@code audit_rest}, and from there to its month's table when that is made.
 */
@ApplicationScoped
class AuditMonths {
    private static final Logger LOG = Logger.getLogger(AuditMonths.class);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** For the tables that a step locks. Meanwhile who writes to the audit waits behind it. */
    private static final String LOCK_TIMEOUT = "100ms";

    /** Until the transaction ends; in this database, and so in this installation. */
    private static final String TURN = "SELECT pg_try_advisory_xact_lock(hashtextextended('sluice.audit', 0))";

    /** The first month without a table: of this one, the next two, and those that have entries. */
    private static final String DUE = """
            SELECT to_char(month, 'YYYY-MM-DD') FROM (
              SELECT date_trunc('month', now() AT TIME ZONE 'UTC') + ahead * interval '1 month' FROM generate_series(0, 2) AS ahead
              UNION
              SELECT date_trunc('month', at AT TIME ZONE 'UTC') FROM sluice.audit_rest) AS months (month)
            WHERE to_regclass('sluice.audit_' || to_char(month, 'YYYY_MM')) IS NULL
            ORDER BY month LIMIT 1""";

    private static final String TOO_OLD = """
            SELECT c.oid::regclass::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'sluice.audit'::regclass AND c.relname ~ '^audit_[0-9]{4}_[0-9]{2}$'
              AND (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC'
                <= now() - ? * interval '1 second'
            ORDER BY c.relname LIMIT 1""";

    private final AgroalDataSource database;
    private final AuditConfig config;

    AuditMonths(AgroalDataSource database, AuditConfig config) {
        this.database = database;
        this.config = config;
    }

    void start(@Observes StartupEvent event, Processes processes, Background background) {
        if (processes.include(ProcessType.WORKER)) {
            background.repeat("audit-months", PAUSE, this::runOnce);
        }
    }

    /** Makes or drops one table; false if none is due, or another process or a lock is in the way. */
    boolean runOnce() {
        try {
            return QuarkusTransaction.requiringNew().call(this::step);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof SQLException s && LOCK_NOT_AVAILABLE.equals(s.getSQLState())) {
                LOG.debug("The audit is in use; its months are looked at later", e);
                return false;
            }
            throw e;
        }
    }

    private boolean step() throws SQLException {
        try (Connection c = database.getConnection();
                Statement s = c.createStatement()) {
            s.execute("SET LOCAL lock_timeout = '" + LOCK_TIMEOUT + "'");
            return turn(s) && (made(s) || dropped(c, s));
        }
    }

    private static boolean turn(Statement s) throws SQLException {
        try (ResultSet r = s.executeQuery(TURN)) {
            return r.next() && r.getBoolean(1);
        }
    }

    private static boolean made(Statement s) throws SQLException {
        String month;
        try (ResultSet r = s.executeQuery(DUE)) {
            if (!r.next()) {
                return false;
            }
            month = r.getString(1);
        }
        s.execute("SELECT sluice.audit_month('" + month + "')");
        return true;
    }

    private boolean dropped(Connection c, Statement s) throws SQLException {
        String table;
        try (PreparedStatement old = c.prepareStatement(TOO_OLD)) {
            old.setLong(1, config.retention().toSeconds());
            try (ResultSet r = old.executeQuery()) {
                if (!r.next()) {
                    return false;
                }
                table = r.getString(1);
            }
        }
        s.execute("DROP TABLE " + table);
        LOG.infof("%s is no longer kept", table);
        return true;
    }
}
