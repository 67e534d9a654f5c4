package dev.sluice.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * How long a statement may take. PostgreSQL cancels it then. If PostgreSQL does not answer even then, it has vanished, and
 * reading from the connection fails.
 */
public final class TimeLimit {
    /** How much longer a connection waits for an answer than PostgreSQL may take, so that a cancelled statement is answered. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private TimeLimit() {}

    /** Limits each further statement of the transaction that a connection is in. */
    public static void ofTransaction(Connection connection, Duration limit) throws SQLException {
        set(connection, "SET LOCAL", limit);
    }

    /** The same, until a moment by {@link System#nanoTime}. */
    public static void ofTransactionUntil(Connection connection, long end) throws SQLException {
        ofTransaction(connection, Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    }

    /** Limits each statement of a connection, unless its transaction says otherwise. */
    public static void ofSession(Connection connection, Duration limit) throws SQLException {
        set(connection, "SET", limit);
    }

    private static void set(Connection connection, String set, Duration limit) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(set + " statement_timeout = " + millis(limit));
        }
        ofAnswers(connection, limit);
    }

    /**
     * Has a connection wait for PostgreSQL for that long and no longer: what is read of a COPY too. Time in which the client of
     * a COPY waits or writes does not count.
     */
    private static void ofAnswers(Connection connection, Duration limit) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, millis(limit.plus(GRACE)));
    }

    /** Rounded up, since 0 would be no limit; at most 24 days, which is as much as PostgreSQL and sockets know. */
    private static int millis(Duration limit) {
        return (int) Math.min(limit.plusNanos(999_999).toMillis(), Integer.MAX_VALUE);
    }
}
