package dev.sluice.lease;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A transaction as the database knows it. Behind a pooler its connection carries a transaction of another client next.
 *
 * @param start when the connection began, as text: process ids are used again
 * @param transaction when the transaction began, as text
 */
public record Backend(int pid, String start, String transaction) {
    private static final String QUERY = """
            SELECT pid, backend_start::text, xact_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()""";

    /** The transaction that a connection is in. */
    public static Backend of(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(QUERY)) {
            r.next();
            return new Backend(r.getInt(1), r.getString(2), r.getString(3));
        }
    }
}
