package dev.sluice.platform;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManagerFactory;
import org.flywaydb.core.Flyway;
import org.hibernate.SessionFactory;

/** The schema of the catalog. Flyway owns it; Hibernate checks that its entities agree. */
@ApplicationScoped
class Schema {
    private final Flyway flyway;
    private final EntityManagerFactory entities;
    private final ReaderLogin reader;

    /** A schema only ever moves on, so what was seen once need not be looked at again. */
    private volatile boolean seenUpToDate;

    Schema(Flyway flyway, EntityManagerFactory entities, ReaderLogin reader) {
        this.flyway = flyway;
        this.entities = entities;
        this.reader = reader;
    }

    /** Applies what is missing, the login that reads rows included, and returns the version reached. */
    String migrate() {
        flyway.migrate();
        entities.unwrap(SessionFactory.class).getSchemaManager().validateMappedObjects();
        reader.make();
        return flyway.info().current().getVersion().toString();
    }

    /** Whether every migration this build knows has been applied, or was once; asks the database until it was. */
    boolean upToDate() {
        if (!seenUpToDate) {
            seenUpToDate = flyway.info().pending().length == 0;
        }
        return seenUpToDate;
    }
}
