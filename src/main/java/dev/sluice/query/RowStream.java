package dev.sluice.query;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.agroal.api.AgroalDataSource;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import org.jboss.logging.Logger;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What a query yields, through a cursor: what is held of it is a few hundred rows. For one thread at a time. */
final class RowStream implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(RowStream.class);

    /** SQLSTATEs of mistakes that our grammar does not show: in types, and in what is searched for (a syntax of its own). */
    private static final Set<String> MISTAKES = Set.of("42704", "42803", "42804", "42846", "42725", "42P18", "42601");

    /** What PostgreSQL says where it would have to allocate over 1 GB, as for repetitions of repetitions; it has no SQLSTATE. */
    private static final String NO_ROOM = "invalid memory alloc request size";

    private final Runnable release;
    private Connection connection;
    private PreparedStatement statement;
    private ResultSet rows;
    private boolean closed;

    /** @param release to be run once when it is closed */
    RowStream(Runnable release) {
        this.release = release;
    }

    void open(AgroalDataSource database, RowsSql query, Duration timeout, int fetched) {
        try {
            connection = database.getConnection();
            connection.setAutoCommit(false);
            try (Statement s = connection.createStatement()) {
                s.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
            }
            statement = prepared(query);
            statement.setFetchSize(fetched);
            rows = statement.executeQuery();
        } catch (SQLException e) {
            throw problem(e);
        }
    }

    private PreparedStatement prepared(RowsSql query) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(query.sql());
        for (int i = 0; i < query.values().size(); i++) {
            prepared.setObject(i + 1, query.values().get(i));
        }
        return prepared;
    }

    /** The only value of the only row of another query, beside this one; {@code null} if there is no row. */
    String value(RowsSql query) {
        try (PreparedStatement other = prepared(query);
                ResultSet found = other.executeQuery()) {
            return found.next() ? found.getString(1) : null;
        } catch (SQLException e) {
            throw problem(e);
        }
    }

    /** Goes to the next row; false behind the last one. */
    boolean next() {
        try {
            return rows.next();
        } catch (SQLException e) {
            throw problem(e);
        }
    }

    /** The first column of the row. */
    String text() {
        try {
            return rows.getString(1);
        } catch (SQLException e) {
            throw problem(e);
        }
    }

    /** The last column of the row, where that is its number. */
    long number() {
        try {
            return rows.getLong(rows.getMetaData().getColumnCount());
        } catch (SQLException e) {
            throw problem(e);
        }
    }

    void write(RowEncoder encoder, OutputStream out) throws IOException {
        try {
            encoder.row(rows, out);
        } catch (SQLException e) {
            throw problem(e);
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (Connection c = connection;
                PreparedStatement _ = statement) {
            if (c != null) {
                c.rollback();
            }
        } catch (SQLException e) {
            LOG.debug("A connection for reading was lost", e);
        } finally {
            release.run();
        }
    }

    private static RuntimeException problem(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        if (state.startsWith("22") || MISTAKES.contains(state)) {
            return mistake(ErrorCode.QUERY_INVALID, e);
        }
        if (state.startsWith("54") || state.equals("XX000") && e.getMessage().contains(NO_ROOM)) {
            return QueryException.tooMuch("The query is too large.");
        }
        return switch (state) {
            case "42883" -> mistake(ErrorCode.OPERATOR_NOT_FOUND, e);
            case "" -> new ProblemException(ErrorCode.ROWS_BUSY, "No connection for reading was free in time.");
            case "42P01" -> new ProblemException(ErrorCode.VERSION_GONE, "This version is no longer kept.");
            case "57014" -> new ProblemException(ErrorCode.QUERY_TOO_SLOW, "The query took longer than it may.");
            default -> new IllegalStateException(e);
        };
    }

    /** What PostgreSQL says of it: of types and of the client's own values, for there is nothing else in the query. */
    private static QueryException mistake(ErrorCode code, SQLException e) {
        ServerErrorMessage said = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        String message = said == null ? e.getMessage() : said.getMessage();
        return new QueryException(
                code,
                e.getSQLState(),
                message == null ? code.title() : message,
                said == null ? null : said.getDetail(),
                said == null ? null : said.getHint());
    }
}
