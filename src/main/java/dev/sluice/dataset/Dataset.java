package dev.sluice.dataset;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
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

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    @Column(name = "changed_at", nullable = false)
    public Instant changedAt;

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
        Dataset found = find("name", checkedName(name)).firstResult();
        if (found == null || found.currentVersion == null) {
            throw new ProblemException(ErrorCode.DATASET_NOT_FOUND, "There is no dataset '" + name + "'.");
        }
        return found;
    }

    /**
     * One version of this dataset.
     *
     * @throws ProblemException {@code VERSION_NOT_FOUND}
     */
    public Version version(int number) {
        Version found =
                Version.find("dataset = ?1 and number = ?2", this, number).firstResult();
        if (found == null) {
            throw new ProblemException(
                    ErrorCode.VERSION_NOT_FOUND, "Dataset '" + name + "' has no version " + number + ".");
        }
        return found;
    }
}
