package dev.sluice.query;

import dev.sluice.platform.memory.MemoryAccount;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.share.Shares;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Runs queries as the reading role. One caller reads pages by at most a quarter of the connections, and has at most half
 * of the exports and of the queries with regular expressions. A query whose client hangs up is cancelled.
 */
@ApplicationScoped
class Rows {
    /** The most that a page may be; what may be more is an export, of which only a row at a time is held. */
    private static final long PAGE_BYTES = 512 * 1024;

    /** Held of a row at the most: as it came, as its text, and in the buffer of the answer. */
    private static final long COPIES = 3;

    /** Held of an export besides a row: by the sockets and the beginning of its answer. */
    private static final long EXPORT_BYTES = 256 * 1024;

    private final AgroalDataSource database;
    private final Vertx vertx;
    private final QueryConfig config;
    private final MemoryAccount memory;
    private final Shares pages;
    private final Shares exports;
    private final Shares patterns;

    Rows(@DataSource("reader") AgroalDataSource database, Vertx vertx, QueryConfig config, MemoryAccount memory) {
        this.database = database;
        this.vertx = vertx;
        this.config = config;
        this.memory = memory;
        int connections =
                database.getConfiguration().connectionPoolConfiguration().maxSize();
        this.pages = new Shares(connections, (connections + 3) / 4);
        this.exports = new Shares(config.exports(), (config.exports() + 1) / 2);
        this.patterns = new Shares(config.patterns(), (config.patterns() + 1) / 2);
    }

    /** How many rows of that size are few enough to be read at once. */
    long page(long rowBytes) {
        return Math.min(config.pageRows(), PAGE_BYTES / rowBytes);
    }

    /**
     * Reads all of a query at once.
     *
     * @param rows it has at the most
     * @param rowBytes how large a row may be; an object is not larger, the line of a CSV file hardly
     * @return its rows, to be closed
     * @throws ProblemException {@code QUERY_INVALID} and others that are the client's mistake, {@code VERSION_GONE},
     *     {@code QUERY_TOO_SLOW}, {@code ROWS_BUSY}; {@code ANSWER_TOO_LARGE} if a row is larger
     */
    RowStream page(CopySql query, long rows, long rowBytes, Client client) {
        MemoryAccount.Claim claim = memory.claim(client.caller(), rows * rowBytes * COPIES);
        PageRows page = null;
        try (Shares.Place _ = place(pages, client)) {
            page = query.isCsv()
                    ? copied(query, client, claim::close)
                    : selected(query.within(rowBytes).query(), client, claim::close);
            return page;
        } finally {
            if (page == null) {
                claim.close();
            }
        }
    }

    private PageRows selected(RowsSql query, Client client, Runnable release) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = query.prepared(connection);
                Client.Query _ = client.begins(connection)) {
            return PageRows.of(statement, release);
        } catch (SQLException e) {
            throw SqlProblem.of(e);
        }
    }

    private PageRows copied(CopySql query, Client client, Runnable release) {
        try (ExportRows rows = new ExportRows(query, client, () -> {})) {
            rows.open(database, null, vertx, config.pageTimeout(), config.pageTimeout());
            return PageRows.of(rows, release);
        }
    }

    /** How large a row of an answer may be: what is held of one leaves its caller memory for small answers. */
    long mostRowBytes() {
        return (memory.mostOfCaller() / 10 * 9 - EXPORT_BYTES) / COPIES;
    }

    /**
     * Begins to read a query of any size; the same.
     *
     * @param limit of its rows; may be absent
     * @param last for the number of its last row; may be absent
     * @param rowBytes how large a row may be
     */
    RowStream export(CopySql query, Long limit, RowsSql last, long rowBytes, Client client) {
        Shares.Place export = place(exports, client);
        boolean open = false;
        ExportRows rows = null;
        try {
            MemoryAccount.Claim claim = memory.claim(client.caller(), rowBytes * COPIES + EXPORT_BYTES);
            rows = new ExportRows(query, client, () -> {
                claim.close();
                export.close();
            });
            rows.open(database, last, vertx, timeout(limit), config.exportLimit());
            open = true;
            return rows;
        } finally {
            if (rows == null) {
                export.close();
            } else if (!open) {
                rows.close();
            }
        }
    }

    /** Whether a query of that limit, which may be absent, may take the time of an export. */
    boolean isExport(Long limit) {
        return limit == null || limit > config.pageRows();
    }

    private Duration timeout(Long limit) {
        return isExport(limit) ? config.exportTimeout() : config.pageTimeout();
    }

    /**
     * Reads the only value of the only row of a query, as text. It takes the place of an export and the time of a page. Fails as
     * {@link #page} does.
     */
    String value(RowsSql query, Client client) {
        try (Shares.Place _ = place(exports, client);
                Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (Client.Query _ = client.begins(connection);
                    Statement s = connection.createStatement()) {
                s.execute(
                        "SET LOCAL statement_timeout = " + config.pageTimeout().toMillis());
                try (PreparedStatement statement = query.prepared(connection);
                        ResultSet found = statement.executeQuery()) {
                    found.next();
                    return found.getString(1);
                }
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw SqlProblem.of(e);
        }
    }

    /**
     * A place for a query with regular expressions, to be held until it has found its first rows.
     *
     * @throws ProblemException {@code ROWS_BUSY}
     */
    Shares.Place patternOf(Client client) {
        return place(patterns, client);
    }

    private Shares.Place place(Shares places, Client client) {
        return places.take(client.caller(), config.patience(), config.patienceIfAwaited(), client::isAwaited)
                .orElseThrow(() -> new ProblemException(ErrorCode.ROWS_BUSY, "Too many rows are being read."));
    }
}
