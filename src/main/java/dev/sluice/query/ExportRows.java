package dev.sluice.query;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.agroal.api.AgroalDataSource;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import org.jboss.logging.Logger;
import org.postgresql.copy.CopyOut;
import org.postgresql.jdbc.PgConnection;

/**
 * Rows as COPY yields them: PostgreSQL goes on while one is on its way, and waits when the client does. What is held is one
 * row and what the sockets hold.
 */
final class ExportRows implements RowStream {
    private static final Logger LOG = Logger.getLogger(ExportRows.class);

    /** What may be on its way of a query that is cancelled, and the time without any of it. */
    private static final long REST_BYTES = 64L * 1024 * 1024;

    private static final String CANCELLED = "57014"; // query_canceled

    private static final int REST_MILLIS = 10_000;

    private final CopySql sql;
    private final Client client;
    private final Runnable release;
    private Connection connection;
    private Client.Query running;
    private int networkTimeout;
    private CopyOut copy;
    private Watchdog watchdog;
    private Long last;
    private byte[] text;
    private int length;
    private long number;
    private boolean tooSlow;
    private boolean closed;

    /** @param release to be run once when it is closed */
    ExportRows(CopySql sql, Client client, Runnable release) {
        this.sql = sql;
        this.client = client;
        this.release = release;
    }

    /**
     * Begins. To be closed, whether or not this fails.
     *
     * @param lastNumber a query for the number of the last row; may be absent
     * @param patience with PostgreSQL, from one row to the next
     * @param limit of it all: PostgreSQL ends what a frozen process has left
     */
    void open(AgroalDataSource database, RowsSql lastNumber, Vertx vertx, Duration patience, Duration limit) {
        try {
            connection = database.getConnection();
            connection.setAutoCommit(false);
            networkTimeout = connection.getNetworkTimeout();
            PgConnection postgres = connection.unwrap(PgConnection.class);
            running = client.begins(connection);
            watchdog = new Watchdog(vertx, patience, () -> Thread.startVirtualThread(() -> giveUp(postgres)));
            try (PreparedStatement settings = sql.settings(connection, limit)) {
                settings.execute();
            }
            // The watchdog limits each wait for a row. A read with a time-out would set a timer each time.
            connection.setNetworkTimeout(Runnable::run, 0);
            watchdog.begins();
            last = lastNumber == null ? null : last(lastNumber);
            copy = postgres.getCopyAPI().copyOut(sql.sql());
            watchdog.ends();
        } catch (SQLException e) {
            throw problem(e);
        }
    }

    private Long last(RowsSql query) throws SQLException {
        try (PreparedStatement statement = query.prepared(connection);
                ResultSet found = statement.executeQuery()) {
            return found.next() ? Long.valueOf(found.getLong(1)) : null;
        }
    }

    private synchronized void giveUp(PgConnection postgres) {
        if (!closed) {
            tooSlow = true;
            breakOff(postgres);
        }
    }

    /** Ends a query, and its connection, in which rows may be on their way. */
    private static void breakOff(PgConnection postgres) {
        try {
            postgres.cancelQuery();
        } catch (SQLException e) {
            LOG.warnf("A query that took too long could not be cancelled: %s", e.getMessage());
        }
        abort(postgres);
    }

    private static void abort(PgConnection postgres) {
        try {
            postgres.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("A connection for reading was lost", e);
        }
    }

    /** Ends a query whose rows are of no use any longer, and takes what is on its way, or else ends the connection too. */
    private void giveBack(PgConnection postgres) throws SQLException {
        boolean clean;
        try {
            postgres.cancelQuery();
            postgres.setNetworkTimeout(Runnable::run, REST_MILLIS);
            clean = takeRest();
        } catch (SQLException e) {
            LOG.debug("An export ended before its end", e);
            clean = CANCELLED.equals(e.getSQLState());
        }
        if (!clean) {
            abort(postgres);
        }
    }

    /** False if there is more than can be on its way of a query that is cancelled. */
    private boolean takeRest() throws SQLException {
        long rest = 0;
        for (byte[] row = copy.readFromCopy(true); row != null; row = copy.readFromCopy(true)) {
            rest += row.length;
            if (rest > REST_BYTES) {
                return false;
            }
        }
        return true;
    }

    private synchronized RuntimeException problem(SQLException e) {
        return tooSlow
                ? new ProblemException(ErrorCode.QUERY_TOO_SLOW, "The query took longer than it may.")
                : SqlProblem.of(e);
    }

    @Override
    public boolean next() {
        watchdog.begins();
        try {
            text = copy.readFromCopy(true);
        } catch (SQLException e) {
            throw problem(e);
        } finally {
            watchdog.ends();
        }
        if (text == null) {
            return false;
        }
        takeApart();
        return true;
    }

    /** A row comes as its text, what separates it from its number, the number, and a line feed. */
    private void takeApart() {
        int end = text.length - 1;
        number = 0;
        if (sql.numbered()) {
            long unit = 1;
            for (end--; text[end] != sql.delimiter(); end--) {
                number += unit * (text[end] - '0');
                unit *= 10;
            }
        }
        if (!sql.isCsv()
                && text[0] == CopySql.QUOTE) { // around line breaks alone: it and the separator are in no text of JSON
            text = Arrays.copyOfRange(text, 1, end);
            end -= 2;
        }
        length = end;
        if (sql.isCsv()) {
            text[length++] = '\n';
        }
    }

    @Override
    public byte[] text() {
        return text;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public Long count() {
        return null;
    }

    @Override
    public Long last() {
        return last;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (watchdog != null) {
            watchdog.close();
        }
        try (Connection c = connection) {
            if (running != null) {
                running.close();
            }
            if (copy != null && copy.isActive()) {
                giveBack(c.unwrap(PgConnection.class));
            }
            if (c != null) {
                c.setNetworkTimeout(Runnable::run, networkTimeout);
                c.rollback();
            }
        } catch (SQLException e) {
            LOG.debug("A connection for reading was lost", e);
        } finally {
            release.run();
        }
    }
}
