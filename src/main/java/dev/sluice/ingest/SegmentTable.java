package dev.sluice.ingest;

import dev.sluice.dataset.Segment;
import dev.sluice.platform.database.TimeLimit;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.TableColumn;
import dev.sluice.table.TableTarget;
import dev.sluice.table.Widening;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.PGCopyInputStream;

/** The table of a segment while it is loaded, on the connection of the load's transaction. */
final class SegmentTable implements TableTarget, AutoCloseable {
    private static final String TOO_LARGE = "54000"; // program_limit_exceeded

    private final Connection connection;
    private final String tableName;
    private final String table;
    private final List<TableColumn> columns;
    private final long end;
    private CopyIn copy;

    /**
     * Creates the table, empty.
     *
     * @param end when the load is to be over, by {@link System#nanoTime}
     */
    SegmentTable(Connection connection, String tableName, List<TableColumn> columns, long end) throws SQLException {
        this.connection = connection;
        this.tableName = tableName;
        this.table = Segment.sqlName(tableName);
        this.columns = columns;
        this.end = end;
        String definitions = columns.stream()
                .map(c -> ", " + c.sqlName() + " " + c.typer().type().sqlType())
                .collect(Collectors.joining());
        execute("CREATE TABLE " + table + " (_row bigint NOT NULL" + definitions + ")");
    }

    @Override
    public void beginCopy() throws IOException {
        try {
            TimeLimit.ofTransactionUntil(connection, end);
            // Rows of a table made in this transaction may be stored as visible to all: readers need not touch them.
            copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + table + " FROM STDIN (FORMAT binary, FREEZE)");
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void copy(byte[] bytes, int length) throws IOException {
        try {
            copy.writeToCopy(bytes, 0, length);
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void endCopy() throws IOException {
        try {
            copy.endCopy();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void widen(List<Widening> widenings) throws IOException {
        try {
            TimeLimit.ofTransactionUntil(connection, end);
            execute("ALTER TABLE " + table + " "
                    + widenings.stream().map(Widening::sql).collect(Collectors.joining(", ")));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    @Override
    public InputStream sourceCells(List<TableColumn> columns) throws IOException {
        String cells = columns.stream()
                .map(c -> c.typer().type().sourceText(c.sqlName()))
                .collect(Collectors.joining(", "));
        try {
            return new PGCopyInputStream(
                    connection.unwrap(PGConnection.class),
                    "COPY (SELECT " + cells + " FROM " + table
                            + ") TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE *, ENCODING 'UTF8')");
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /**
     * Makes the loaded table good to read.
     *
     * @param indexed columns that get an index each
     * @throws ProblemException {@code INDEX_IMPOSSIBLE}
     */
    void complete(List<TableColumn> indexed) throws SQLException {
        execute("ALTER TABLE " + table + " ADD PRIMARY KEY (_row)");
        for (TableColumn column : indexed) {
            index(column);
        }
        execute("ANALYZE " + table);
    }

    private void index(TableColumn column) throws SQLException {
        try {
            execute(Segment.createIndex(tableName, columns.indexOf(column), column.name()));
        } catch (SQLException e) {
            if (TOO_LARGE.equals(e.getSQLState())) {
                throw new ProblemException(
                        ErrorCode.INDEX_IMPOSSIBLE,
                        "Column '" + column.name() + "' has a value that needs more than a third of a page of 8 kB.");
            }
            throw e;
        }
    }

    /** Ends a stream that was not ended: until then the connection is blocked, even to a rollback. */
    @Override
    public void close() throws SQLException {
        if (copy != null && copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }
}
