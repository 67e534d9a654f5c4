package dev.sluice.harness;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks into a service's database. */
public final class Sql {
    private Sql() {}

    /** The first column of all rows, as text. */
    public static List<String> query(Map<String, String> configuration, String sql) {
        try (var connection = connect(configuration);
                var statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (result.next()) {
                found.add(result.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A statement outside of any transaction. */
    public static void run(Map<String, String> configuration, String sql) {
        try (var connection = connect(configuration);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection to the shared service's database. */
    public static Connection connect() throws SQLException {
        return connect(Shared.configuration());
    }

    /** A connection to a service's database. */
    public static Connection connect(Map<String, String> configuration) throws SQLException {
        return DriverManager.getConnection(
                configuration.get("quarkus.datasource.jdbc.url"),
                configuration.get("quarkus.datasource.username"),
                configuration.get("quarkus.datasource.password"));
    }

    public static void execute(Map<String, String> configuration, String sql) {
        query(configuration, "WITH changed AS (" + sql + " RETURNING 1) SELECT count(*) FROM changed");
    }

    /** The same, of the shared service's database. */
    public static List<String> query(String sql) {
        return query(Shared.configuration(), sql);
    }
}
