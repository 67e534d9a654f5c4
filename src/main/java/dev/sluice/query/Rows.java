package dev.sluice.query;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Runs queries as the reading role, through a cursor: what is held of a result is a few hundred rows. */
@ApplicationScoped
class Rows {
    private static final long FETCHED_BYTES = 512 * 1024;
    private static final long MOST_FETCHED = 2000;

    /** Held of a fetched row at the most: as it came, as an array, and in the buffer of the answer. */
    private static final long COPIES = 3;

    private static final int UNIT = 1024;

    private final AgroalDataSource database;
    private final QueryConfig config;
    private final int memory;
    private final Semaphore free;

    Rows(@DataSource("reader") AgroalDataSource database, QueryConfig config) {
        this.database = database;
        this.config = config;
        this.memory = Math.toIntExact(config.memory().asLongValue() / UNIT);
        this.free = new Semaphore(memory, true);
    }

    /** Takes what a query yields, row by row. */
    interface Reader {
        void read(ResultSet rows) throws SQLException, IOException;
    }

    /**
     * Runs a query.
     *
     * @param rowBytes how large a row may be, about
     * @throws ProblemException {@code QUERY_INVALID} if a value is none of its column's type, {@code VERSION_GONE},
     *     {@code QUERY_TOO_SLOW}, {@code ROWS_BUSY}
     */
    void read(RowsSql query, Long limit, long rowBytes, Reader reader) throws IOException {
        long row = Math.max(1, rowBytes);
        int fetched = Math.toIntExact(Math.clamp(FETCHED_BYTES / row, 1, MOST_FETCHED));
        long rows = limit == null ? fetched : Math.min(limit, fetched);
        int held = Math.toIntExact(Math.min(memory, rows * row * COPIES / UNIT + 1));
        take(held);
        try {
            read(query, limit, fetched, reader);
        } finally {
            free.release(held);
        }
    }

    private void take(int held) {
        try {
            if (free.tryAcquire(held, config.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ProblemException(ErrorCode.ROWS_BUSY, "Too many large answers are on their way.");
    }

    private void read(RowsSql query, Long limit, int fetched, Reader reader) throws IOException {
        try (Connection c = database.getConnection()) {
            c.setAutoCommit(false);
            boolean page = limit != null && limit <= config.pageRows();
            Duration timeout = page ? config.pageTimeout() : config.exportTimeout();
            try (Statement s = c.createStatement()) {
                s.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
            }
            try (PreparedStatement s = c.prepareStatement(query.sql())) {
                s.setFetchSize(fetched);
                for (int i = 0; i < query.values().size(); i++) {
                    s.setObject(i + 1, query.values().get(i));
                }
                try (ResultSet rows = s.executeQuery()) {
                    reader.read(rows);
                }
            } finally {
                c.rollback();
            }
        } catch (SQLException e) {
            throw problem(e);
        }
    }

    private static RuntimeException problem(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.startsWith("22")) {
            return QueryParser.invalid("A value cannot be compared with its column: it is of another type.");
        }
        if (state.startsWith("54")) {
            return QueryParser.invalid("The query is too large.");
        }
        return switch (state) {
            case "" -> new ProblemException(ErrorCode.ROWS_BUSY, "No connection for reading was free in time.");
            case "42P01" -> new ProblemException(ErrorCode.VERSION_GONE, "This version is no longer kept.");
            case "57014" -> new ProblemException(ErrorCode.QUERY_TOO_SLOW, "The query took longer than it may.");
            default -> new IllegalStateException(e);
        };
    }
}
