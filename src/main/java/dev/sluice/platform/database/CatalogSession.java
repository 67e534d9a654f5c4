package dev.sluice.platform.database;

import io.agroal.api.AgroalPoolInterceptor;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Takes back the time that a load had a connection of the catalog wait for answers, when the connection is returned. */
@Singleton
class CatalogSession implements AgroalPoolInterceptor {
    private static final Logger LOG = Logger.getLogger(CatalogSession.class);

    private final int millis;

    CatalogSession(
            @ConfigProperty(name = "quarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout") int seconds) {
        this.millis = Math.toIntExact(Duration.ofSeconds(seconds).toMillis());
    }

    @Override
    public void onConnectionReturn(Connection connection) {
        try {
            if (connection.getNetworkTimeout() != millis) {
                connection.setNetworkTimeout(Runnable::run, millis);
            }
        } catch (SQLException e) {
            LOG.debug("A connection was lost while it was used: the pool drops it", e);
        }
    }
}
