package dev.sluice.dataset;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.time.Duration;

/** Whoever reads a version by its number may come back for more: it is kept for that long again. */
@ApplicationScoped
public class Readers {
    private static final Duration SELDOM = Duration.ofMinutes(1);
    private static final int PARTS = 4;

    private final EntityManager entities;
    private final DatasetConfig config;

    Readers(EntityManager entities, DatasetConfig config) {
        this.entities = entities;
        this.config = config;
    }

    /** Puts on record, as part of the transaction there is, that a version was read; at most once a minute. */
    public void keep(Version version) {
        if (version.supersededAt == null) {
            return;
        }
        entities.createNativeQuery("""
                        UPDATE sluice.version SET read_at = clock_timestamp()
                        WHERE id = (SELECT id FROM sluice.version WHERE id = :id
                          AND (read_at IS NULL OR read_at < clock_timestamp() - :pause * interval '1 millisecond')
                          FOR UPDATE SKIP LOCKED)""")
                .setParameter("id", version.id)
                .setParameter("pause", pause().toMillis())
                .executeUpdate();
    }

    /** How long after that it need not be put on record again. */
    public Duration pause() {
        Duration part = config.keepFor().dividedBy(PARTS);
        return part.compareTo(SELDOM) < 0 ? part : SELDOM;
    }
}
