package dev.sluice.ingest;

import dev.sluice.dataset.Publish;
import dev.sluice.dataset.Source;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** The job of record: committed before the first byte of its source is read, and final once. */
@Entity
@Table(name = "ingest")
public class Ingest extends PanacheEntityBase {
    @Id
    public UUID id;

    /** The name of the dataset, which need not exist. */
    @Column(nullable = false)
    public String dataset;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    public IngestState state;

    @Column(nullable = false)
    public int attempt;

    @Embedded
    public Source source;

    @Column(nullable = false)
    public long bytes;

    @Column(name = "total_bytes")
    public Long totalBytes;

    @Column(nullable = false)
    public long rows;

    /** The number of the version it became. */
    public Integer version;

    @Column(name = "problem_code")
    public String problemCode;

    @Column(name = "problem_detail")
    public String problemDetail;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    @Column(name = "started_at")
    public Instant startedAt;

    @Column(name = "finished_at")
    public Instant finishedAt;

    /** An upload that begins now. */
    static Ingest upload(String dataset, Long totalBytes) {
        Ingest ingest = new Ingest();
        ingest.id = Publish.newId();
        ingest.dataset = dataset;
        ingest.state = IngestState.running;
        ingest.attempt = 1;
        ingest.source = Source.UPLOAD;
        ingest.totalBytes = totalBytes;
        ingest.createdAt = Instant.now();
        ingest.startedAt = ingest.createdAt;
        ingest.persist();
        return ingest;
    }

    /**
     * The ingest of that id.
     *
     * @throws ProblemException {@code INGEST_NOT_FOUND}
     */
    static Ingest of(UUID id) {
        Ingest found = findById(id);
        if (found == null) {
            throw new ProblemException(ErrorCode.INGEST_NOT_FOUND, "There is no ingest '" + id + "'.");
        }
        return found;
    }

    /** Ends it, unless it has ended before: then nothing changes and the answer is false. */
    static boolean succeed(UUID id, int version, long bytes, long rows) {
        return update(
                        "state = ?1, version = ?2, bytes = ?3, rows = ?4, finishedAt = ?5 where id = ?6 and state = ?7",
                        IngestState.succeeded,
                        version,
                        bytes,
                        rows,
                        Instant.now(),
                        id,
                        IngestState.running)
                == 1;
    }

    /** Ends it with a problem, unless it has ended before: then nothing changes and the answer is false. */
    static boolean fail(UUID id, ProblemException problem, long bytes, long rows) {
        return update(
                        "state = ?1, problemCode = ?2, problemDetail = ?3, bytes = ?4, rows = ?5, finishedAt = ?6"
                                + " where id = ?7 and state = ?8",
                        IngestState.failed,
                        problem.code().name(),
                        problem.getMessage(),
                        bytes,
                        rows,
                        Instant.now(),
                        id,
                        IngestState.running)
                == 1;
    }
}
