package dev.sluice.dataset;

import dev.sluice.platform.Precondition;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.LockModeType;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/** A named sequence of versions, of which one is current. {@link Publish} alone creates it and moves it on. */
@Entity
@Table(name = "dataset")
public class Dataset extends PanacheEntityBase {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,62}");

    @Id
    public UUID id;

    @Column(nullable = false, unique = true)
    public String name;

    public String title;

    public String description;

    @ManyToOne(fetch = FetchType.LAZY)
    @JoinColumn(name = "current_version_id")
    public Version currentVersion;

    /** The highest number ever given to a version. */
    @Column(name = "last_number", nullable = false)
    public int lastNumber;

    /** How many of its newest versions to keep; {@code null}: as configured. */
    @Column(name = "keep_versions")
    public Integer keepVersions;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    @Column(name = "changed_at", nullable = false)
    public Instant changedAt;

    /** Notes a change: at a later time than the one before, whatever the clocks of the processes say. */
    void changed() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS); // what is answered now is what is read later
        changedAt = now.isAfter(changedAt) ? now : changedAt.plus(1, ChronoUnit.MICROS);
    }

    /**
     * Names the present state: another one after each publish, restore and change, but the same one while an index is made.
     *
     * @return a strong tag in its quotes; {@code null} if the dataset does not exist for clients
     */
    String etag() {
        return currentVersion == null ? null : etag(currentVersion.id, changedAt);
    }

    /** Names the state in which a version is or was current: if it no longer is, the first such state. */
    String etag(Version version) {
        return version.id.equals(currentVersion.id) ? etag() : etag(version.id, version.createdAt);
    }

    private static String etag(UUID version, Instant changedAt) {
        return '"' + version.toString() + '-' + ChronoUnit.MICROS.between(Instant.EPOCH, changedAt) + '"';
    }

    /**
     * Refuses a request whose precondition the dataset does not fulfil at this moment.
     *
     * @throws ProblemException {@code PRECONDITION_FAILED}
     */
    public static void check(String name, Precondition precondition) {
        Dataset found = find("name", name).firstResult();
        precondition.check(found == null ? null : found.etag());
    }

    /**
     * The name, if a dataset may be called so.
     *
     * @throws ProblemException {@code NAME_INVALID}
     */
    public static String checkedName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new ProblemException(ErrorCode.NAME_INVALID, "'" + name + "' is not a dataset name.");
        }
        return name;
    }

    /**
     * The dataset of that name.
     *
     * @throws ProblemException {@code NAME_INVALID}, {@code DATASET_NOT_FOUND}
     */
    public static Dataset named(String name) {
        // One statement, and so one moment: what is current then has not been deleted in between.
        List<Dataset> found = list(
                "from Dataset d left join fetch d.currentVersion v left join fetch v.segments where d.name = ?1",
                checkedName(name));
        return there(name, found.isEmpty() ? null : found.getFirst());
    }

    /**
     * The dataset of that name, with its row locked until the transaction ends: no version comes or goes. To be called
     * before anything else reads the dataset in this transaction.
     *
     * @throws ProblemException {@code NAME_INVALID}, {@code DATASET_NOT_FOUND}
     */
    static Dataset held(String name) {
        return there(
                name,
                find("name", checkedName(name))
                        .withLock(LockModeType.PESSIMISTIC_WRITE)
                        .firstResult());
    }

    /**
     * Has exactly these columns of a version indexed, sooner or later, if it still is the current one.
     *
     * @return whether that changed the dataset
     */
    public static boolean index(String name, int number, Indexed indexed) {
        Dataset dataset =
                find("name", name).withLock(LockModeType.PESSIMISTIC_WRITE).firstResult();
        if (dataset != null && dataset.currentVersion != null && dataset.currentVersion.number == number) {
            List<dev.sluice.dataset.Column> before = List.copyOf(dataset.currentVersion.columns());
            dataset.currentVersion.index(indexed);
            if (!before.equals(dataset.currentVersion.columns())) {
                dataset.changed();
                return true;
            }
        }
        return false;
    }

    private static Dataset there(String name, Dataset found) {
        if (found == null || found.currentVersion == null) {
            throw new ProblemException(ErrorCode.DATASET_NOT_FOUND, "There is no dataset '" + name + "'.");
        }
        return found;
    }

    /**
     * One version of this dataset, with its segments.
     *
     * @throws ProblemException {@code VERSION_NOT_FOUND} if there never was one of that number, {@code VERSION_GONE} if it
     *     is no longer kept
     */
    public Version version(int number) {
        List<Version> found = Version.list(
                "from Version v left join fetch v.segments where v.dataset = ?1 and v.number = ?2", this, number);
        if (!found.isEmpty()) {
            return found.getFirst();
        }
        if (number >= 1 && number <= lastNumber) {
            throw Version.gone(this, number);
        }
        throw new ProblemException(
                ErrorCode.VERSION_NOT_FOUND, "Dataset '" + name + "' has no version " + number + ".");
    }
}
