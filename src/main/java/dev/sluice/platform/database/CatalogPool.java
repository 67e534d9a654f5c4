package dev.sluice.platform.database;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.AgroalConnectionPoolConfiguration;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.postgresql.ssl.SingleCertValidatingFactory;

/** The connections of the catalog: those that are configured, for short transactions, and those of what holds one for long. */
@ApplicationScoped
@RegisterForReflection(
        targets = {DefaultJavaSSLFactory.class, SingleCertValidatingFactory.class}) // a URL may name them as sslfactory
public class CatalogPool {
    private final AgroalDataSource database;

    CatalogPool(AgroalDataSource database) {
        this.database = database;
    }

    /**
     * Adds connections, when the process starts, for what holds as many of them at most and for long: however many of these
     * are held, short transactions have all that are configured.
     */
    public void addLong(int connections) {
        AgroalConnectionPoolConfiguration pool = database.getConfiguration().connectionPoolConfiguration();
        pool.setMaxSize(pool.maxSize() + connections);
    }
}
