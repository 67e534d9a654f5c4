package dev.sluice.lease;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A connection as the database knows it.
 *
 * @param start when it began, as text: process ids are used again
 */
public record Backend(int pid, String start) {
    private static final String QUERY =
            "SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()";

    public static Backend of(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet r = s.executeQuery(QUERY)) {
            r.next();
            return new Backend(r.getInt(1), r.getString(2));
        }
    }
}
