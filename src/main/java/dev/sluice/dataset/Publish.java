package dev.sluice.dataset;

import dev.sluice.platform.Precondition;
import dev.sluice.platform.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.id.uuid.UuidVersion7Strategy;

/**
 * Makes segments the current version of a dataset. Takes the dataset's row, and so belongs at the very end of a
 * transaction: until its commit readers see the version before, and after it the new one.
 */
@ApplicationScoped
public class Publish {
    private final EntityManager entities;

    Publish(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * Publishes segments as the next version, creating the dataset if there is none.
     *
     * @param segments at least one, persisted
     * @param draft all that is known of the version but its number, dataset, segments and time
     * @return {@code draft}, persisted
     */
    public Version publish(String name, List<Segment> segments, Version draft) {
        entities.flush();
        return next(locked(name), segments, draft);
    }

    /**
     * Publishes the segments of a version that there is as the next version; changes nothing if it is the current one.
     * Retention, which needs the dataset's row as well, has deleted that version before or leaves it until the commit.
     *
     * @return the current version, whose segments are those of version {@code number}
     * @throws ProblemException {@code NAME_INVALID}, {@code DATASET_NOT_FOUND}, {@code VERSION_NOT_FOUND}, {@code
     *     VERSION_GONE}
     */
    Version restore(String name, int number) {
        Dataset dataset = Dataset.held(name);
        Version version = dataset.version(number);
        return version.id.equals(dataset.currentVersion.id)
                ? version
                : next(dataset, version.segments, version.draft());
    }

    private Version next(Dataset dataset, List<Segment> segments, Version draft) {
        dataset.lastNumber++;
        dataset.changed();
        draft.id = newId();
        draft.dataset = dataset;
        draft.number = dataset.lastNumber;
        draft.createdAt = dataset.changedAt;
        draft.segments = List.copyOf(segments);
        draft.persist();
        dataset.currentVersion = draft;
        entities.flush();
        entities.createNativeQuery("""
                        UPDATE sluice.version SET superseded_at = clock_timestamp()
                        WHERE dataset_id = :dataset AND id <> :current AND superseded_at IS NULL""")
                .setParameter("dataset", dataset.id)
                .setParameter("current", draft.id)
                .executeUpdate();
        return draft;
    }

    /**
     * The current version, which stays so until the end of this transaction; empty if there has been none.
     *
     * @throws ProblemException {@code PRECONDITION_FAILED}
     */
    public Optional<Version> current(String name, Precondition precondition) {
        entities.flush();
        Dataset dataset = locked(name);
        precondition.check(dataset.etag());
        return Optional.ofNullable(dataset.currentVersion);
    }

    private Dataset locked(String name) {
        while (true) {
            entities.createNativeQuery("""
                            INSERT INTO sluice.dataset (id, name, last_number, created_at, changed_at)
                            VALUES (:id, :name, 0, :now, :now) ON CONFLICT (name) DO NOTHING""")
                    .setParameter("id", newId())
                    .setParameter("name", name)
                    .setParameter("now", Instant.now())
                    .executeUpdate();
            Dataset found = Dataset.find("name", name)
                    .withLock(LockModeType.PESSIMISTIC_WRITE)
                    .firstResult();
            if (found != null) {
                return found; // else it was deleted in between
            }
        }
    }

    /** An id that grows with time. */
    public static UUID newId() {
        return UuidVersion7Strategy.INSTANCE.generateUuid(null);
    }
}
