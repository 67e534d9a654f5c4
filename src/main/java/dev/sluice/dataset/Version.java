package dev.sluice.dataset;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.JoinTable;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** An ordered list of immutable segments, and immutable itself. */
@Entity
@Table(name = "version")
public class Version extends PanacheEntityBase {
    @Id
    public UUID id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "dataset_id", nullable = false)
    public Dataset dataset;

    /** 1-based, in the order of commits. */
    @Column(nullable = false)
    public int number;

    @Column(nullable = false)
    public long rows;

    /** Bytes of the source as read. */
    @Column(nullable = false)
    public long bytes;

    /** Of the source's bytes, in lower-case hexadecimal. */
    @Column(nullable = false)
    public String sha256;

    @Column(nullable = false)
    public long rejects;

    @Embedded
    public SourceFormat format;

    /** How it was told to be read; equal where equal bytes make equal tables. */
    @Column(nullable = false)
    public String options = "";

    @Embedded
    public Source source;

    @Embedded
    public Validators validators;

    @Column(name = "duration_ms", nullable = false)
    public long durationMs;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    /** When another version took its place, by the database's clock; {@code null} while it is current. */
    @Column(name = "superseded_at", insertable = false, updatable = false)
    public Instant supersededAt;

    @ManyToMany
    @JoinTable(
            name = "version_segment",
            joinColumns = @JoinColumn(name = "version_id"),
            inverseJoinColumns = @JoinColumn(name = "segment_id"))
    @OrderColumn(name = "position")
    public List<Segment> segments = new ArrayList<>();

    /** Whether it was made of the same bytes, read the same way. */
    public boolean isSameAs(Version other) {
        return sha256.equals(other.sha256) && options.equals(other.options);
    }

    /**
     * The columns of the table; every segment of a version has the same.
     *
     * @throws ProblemException {@code VERSION_GONE} if the version was deleted after it was read
     */
    public List<dev.sluice.dataset.Column> columns() {
        if (segments.isEmpty() || segments.getFirst().columns.isEmpty()) {
            throw gone();
        }
        return segments.getFirst().columns;
    }

    /**
     * The same as the database has them now, a few in memory at a time. One statement, and so one moment: none if the version
     * was deleted after it was read.
     *
     * @return to be closed before the transaction ends
     */
    public Stream<dev.sluice.dataset.Column> readColumns() {
        return segments.stream().findFirst().map(Segment::readColumns).orElse(Stream.empty());
    }

    /** How many columns the table has; 0 if the version was deleted after it was read. */
    public long countColumns() {
        return segments.stream().findFirst().map(Segment::countColumns).orElse(0L);
    }

    /**
     * Has exactly these columns indexed, sooner or later: {@link SegmentIndexes} makes and drops what is to be.
     *
     * @throws ProblemException if there is no such column
     */
    void index(Indexed indexed) {
        List<dev.sluice.dataset.Column> wanted = indexed.among(columns());
        List<String> names =
                wanted.stream().map(dev.sluice.dataset.Column::name).toList();
        segments.forEach(s -> s.columns.replaceAll(c -> c.indexed(names.contains(c.name()))));
    }

    /** The same content, as a draft for {@link Publish}. */
    Version draft() {
        Version draft = new Version();
        draft.rows = rows;
        draft.bytes = bytes;
        draft.sha256 = sha256;
        draft.rejects = rejects;
        draft.format = format;
        draft.options = options;
        draft.source = source;
        draft.validators = validators;
        draft.durationMs = durationMs;
        return draft;
    }

    /** That it is no longer kept: it was deleted after it was read. */
    public ProblemException gone() {
        return gone(dataset, number);
    }

    static ProblemException gone(Dataset dataset, int number) {
        return new ProblemException(
                ErrorCode.VERSION_GONE, "Version " + number + " of dataset '" + dataset.name + "' is no longer kept.");
    }
}
