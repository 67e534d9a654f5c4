package dev.sluice.platform;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The id of this installation, and with it the names of all that the installation has in Redis and Memcached. Other
 * installations may use the same servers: no key and no channel is made elsewhere, so installations share nothing.
 */
@ApplicationScoped
public class CatalogId {
    private final AgroalDataSource database;

    /** Made with the catalog, and never changed. */
    private volatile String id;

    CatalogId(AgroalDataSource database) {
        this.database = database;
    }

    /**
     * The key, or the channel, that this installation has under a name. A part of the name in braces is the hash tag of
     * Redis Cluster. Asks the database until it has answered once, so not to be called on an event loop.
     *
     * @throws IllegalStateException if the database does not answer
     */
    public String key(String name) {
        return "sluice:" + get() + ":" + name;
    }

    String get() {
        if (id == null) {
            try (Connection c = database.getConnection();
                    Statement s = c.createStatement();
                    ResultSet found = s.executeQuery("SELECT id FROM sluice.catalog")) {
                found.next();
                id = found.getString(1);
            } catch (SQLException e) {
                throw new IllegalStateException("The installation is unknown: the database does not answer", e);
            }
        }
        return id;
    }
}
