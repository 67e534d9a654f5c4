package dev.sluice.platform;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What this catalog is recognised by: others may use the same Redis. */
@ApplicationScoped
class CatalogId {
    private final AgroalDataSource database;

    /** Made with the catalog, and never changed. */
    private volatile String id;

    CatalogId(AgroalDataSource database) {
        this.database = database;
    }

    /** Asks the database until it was told. */
    String get() throws SQLException {
        if (id == null) {
            try (Connection c = database.getConnection();
                    Statement s = c.createStatement();
                    ResultSet found = s.executeQuery("SELECT id FROM sluice.catalog")) {
                found.next();
                id = found.getString(1);
            }
        }
        return id;
    }
}
