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

/** Runs queries as the reading role, through a cursor: what is held of a result is a few hundred rows. */
@ApplicationScoped
class Rows {
    private static final long FETCHED_BYTES = 1024 * 1024;
    private static final long MOST_FETCHED = 2000;

    private final AgroalDataSource database;
    private final QueryConfig config;

    Rows(@DataSource("reader") AgroalDataSource database, QueryConfig config) {
        this.database = database;
        this.config = config;
    }

    /** Takes what a query yields, row by row. */
    interface Reader {
        void read(ResultSet rows) throws SQLException, IOException;
    }

    /**
     * Runs a query.
     *
     * @param rowBytes how large a row is on average
     * @throws ProblemException {@code QUERY_INVALID} if a value is none of its column's type, {@code VERSION_GONE}
     */
    void read(RowsSql query, Long limit, long rowBytes, Reader reader) throws IOException {
        try (Connection c = database.getConnection()) {
            c.setAutoCommit(false);
            try (Statement s = c.createStatement()) {
                boolean page = limit != null && limit <= config.pageRows();
                s.execute("SET LOCAL statement_timeout = "
                        + (page ? config.pageTimeout().toMillis() : 0));
            }
            try (PreparedStatement s = c.prepareStatement(query.sql())) {
                s.setFetchSize(Math.toIntExact(Math.clamp(FETCHED_BYTES / Math.max(1, rowBytes), 1, MOST_FETCHED)));
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
        return switch (state) {
            case "42P01" -> new ProblemException(ErrorCode.VERSION_GONE, "This version is no longer kept.");
            case "57014" -> new ProblemException(ErrorCode.QUERY_TOO_SLOW, "The query took longer than a page may.");
            case "54000", "54001" -> QueryParser.invalid("The query is too large.");
            default -> new IllegalStateException(e);
        };
    }
}
