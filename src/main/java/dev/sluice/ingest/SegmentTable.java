package dev.sluice.ingest;

import dev.sluice.dataset.Segment;
import dev.sluice.table.TableColumn;
import dev.sluice.table.TableTarget;
import dev.sluice.table.Widening;
import dev.sluice.table.type.ColumnType;
import dev.sluice.table.type.Excerpt;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The table of a segment while it is loaded, on the connection of the load's transaction. */
final class SegmentTable implements TableTarget, AutoCloseable {
    private final Connection connection;
    private final String table;
    private CopyIn copy;

    /** Creates the table, empty. */
    SegmentTable(Connection connection, String tableName, List<TableColumn> columns) throws SQLException {
        this.connection = connection;
        this.table = Segment.sqlName(tableName);
        String definitions = columns.stream()
                .map(c -> ", " + c.sqlName() + " " + c.typer().type().sqlType())
                .collect(Collectors.joining());
        execute("CREATE TABLE " + table + " (_row bigint NOT NULL" + definitions + ")");
    }

    @Override
    public void beginCopy() throws IOException {
        try {
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
            execute("ALTER TABLE " + table + " "
                    + widenings.stream().map(Widening::sql).collect(Collectors.joining(", ")));
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    /** Makes the loaded table good to read. */
    void complete() throws SQLException {
        execute("ALTER TABLE " + table + " ADD PRIMARY KEY (_row)");
        execute("ANALYZE " + table);
    }

    /** Ends a stream that was not ended: until then the connection is blocked, even to a rollback. */
    @Override
    public void close() throws SQLException {
        if (copy != null && copy.isActive()) {
            copy.cancelCopy();
        }
    }

    /** NULLs, least and greatest value of a column, asked of the table itself. */
    StoredFacts facts(TableColumn column) throws SQLException {
        String name = column.sqlName();
        String sql = "SELECT nulls, "
                + excerpt(column, "least") + ", "
                + excerpt(column, "greatest")
                + " FROM (SELECT count(*) - count(" + name + ") AS nulls, " + extreme("min", column) + " AS least, "
                + extreme("max", column) + " AS greatest FROM " + table + ") AS facts";
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            r.next();
            return new StoredFacts(r.getLong(1), Excerpt.of(r.getString(2)), Excerpt.of(r.getString(3)));
        }
    }

    /** PostgreSQL has no min and max of boolean, and none of uuid before version 18. */
    private static String extreme(String function, TableColumn column) {
        String name = column.sqlName();
        return switch (column.typer().type()) {
            case ColumnType.Bool _ -> (function.equals("min") ? "bool_and(" : "bool_or(") + name + ")";
            case ColumnType.Uuid _ -> function + "(" + name + "::text COLLATE \"C\")::uuid";
            case ColumnType.Text _ -> function + "(" + name + " COLLATE \"C\")";
            case ColumnType.BigInt _,
                    ColumnType.Numeric _,
                    ColumnType.DoublePrecision _,
                    ColumnType.Date _,
                    ColumnType.Time _,
                    ColumnType.Timestamp _,
                    ColumnType.TimestampTz _ -> function + "(" + name + ")";
        };
    }

    private static String excerpt(TableColumn column, String value) {
        return "left(" + column.typer().type().sourceText(value) + ", " + (Excerpt.MAX + 1) + ")";
    }

    record StoredFacts(long nulls, String min, String max) {}

    private void execute(String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }
}
