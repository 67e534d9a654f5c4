package dev.sluice.ingest;

import dev.sluice.dataset.Publish;
import dev.sluice.dataset.Source;
import dev.sluice.dataset.Version;
import dev.sluice.outbound.Redacted;
import dev.sluice.platform.identity.Caller;
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
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

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

    /** Where to fetch from, with its credentials; {@code null} for an upload and once it is finished. */
    @Column(name = "fetch_url")
    public String fetchUrl;

    /** As the client gave them. */
    @Column(nullable = false)
    @JdbcTypeCode(SqlTypes.JSON)
    public Map<String, String> options = Map.of();

    /** How often it was given back by a process that shut down. */
    @Column(name = "hand_backs", nullable = false)
    public int handBacks;

    /** The id of who asked for it. Earlier releases wrote it only where there is a {@link #key}. */
    public String caller;

    @Embedded
    public IdempotencyKey key;

    /** Of the request that queued it, if that was traced; see {@link Traces}. */
    @Column(name = "trace_parent")
    public String traceParent;

    /** Of the content, once it is known. */
    public String sha256;

    @Column(nullable = false)
    public long bytes;

    @Column(name = "total_bytes")
    public Long totalBytes;

    @Column(nullable = false)
    public long rows;

    /** The number of the version it became. */
    public Integer version;

    /** What was wrong with it, or why it waits again. */
    @Embedded
    public IngestProblem problem;

    /** The process that works on it, or was the last to; see {@link WorkerName}. */
    public String worker;

    @Column(name = "created_at", nullable = false)
    public Instant createdAt;

    @Column(name = "started_at")
    public Instant startedAt;

    @Column(name = "finished_at")
    public Instant finishedAt;

    private static Ingest of(String dataset, IngestState state, Source source, String caller, IdempotencyKey key) {
        Ingest ingest = new Ingest();
        ingest.id = Publish.newId();
        ingest.dataset = dataset;
        ingest.state = state;
        ingest.source = source;
        ingest.caller = caller;
        ingest.key = key;
        ingest.createdAt = Instant.now();
        return ingest;
    }

    /** An upload that begins now. */
    static Ingest upload(String dataset, Long totalBytes, String caller, IdempotencyKey key, String worker) {
        Ingest ingest = of(dataset, IngestState.running, Source.UPLOAD, caller, key);
        ingest.attempt = 1;
        ingest.worker = worker;
        ingest.totalBytes = totalBytes;
        ingest.startedAt = ingest.createdAt;
        ingest.persistAndFlush();
        return ingest;
    }

    /** A source to be fetched once a worker has time. */
    static Ingest fetch(String dataset, URI url, Map<String, String> options, String caller, IdempotencyKey key) {
        Ingest ingest = of(dataset, IngestState.queued, new Source("url", Redacted.url(url)), caller, key);
        ingest.fetchUrl = url.toString();
        ingest.options = options;
        ingest.persistAndFlush();
        return ingest;
    }

    /** A worker begins with it. */
    void start(String by) {
        state = IngestState.running;
        worker = by;
        attempt++;
        startedAt = Instant.now();
    }

    /** It waits again, for the reason given. */
    void wait(ProblemException reason) {
        state = IngestState.queued;
        problem = IngestProblem.of(reason);
    }

    /**
     * It has ended without a version of its own.
     *
     * @param failure {@code null} if nothing was wrong
     */
    void end(IngestState last, ProblemException failure, long bytes, long rows) {
        state = last;
        problem = failure == null ? null : IngestProblem.of(failure);
        this.bytes = bytes;
        this.rows = rows;
        fetchUrl = null;
        finishedAt = Instant.now();
        if (last != IngestState.unchanged && isUpload()) {
            key = null; // nothing came of it: the same key may try again
        }
    }

    /** How many a worker works on now. */
    static double fetching() {
        return count(
                "finishedAt is null and state = ?1 and source.kind <> ?2", IngestState.running, Source.UPLOAD.kind());
    }

    boolean isUpload() {
        return source.kind().equals(Source.UPLOAD.kind());
    }

    /**
     * The ingest of that id.
     *
     * @throws ProblemException {@code INGEST_NOT_FOUND}
     */
    static Ingest of(UUID id) {
        Ingest found = findById(id);
        if (found == null) {
            throw unknown(id);
        }
        return found;
    }

    /**
     * The same, for who may use its dataset.
     *
     * @throws ProblemException {@code INGEST_NOT_FOUND}, also if it is of a dataset that the caller may not use
     */
    static Ingest of(UUID id, Caller caller) {
        Ingest found = of(id);
        if (!caller.mayUse(found.dataset)) {
            throw unknown(id);
        }
        return found;
    }

    private static ProblemException unknown(UUID id) {
        return new ProblemException(ErrorCode.INGEST_NOT_FOUND, "There is no ingest '" + id + "'.");
    }

    /** Ends it as the version it became, unless it has ended before: then nothing changes and the answer is false. */
    static boolean succeed(UUID id, Version version) {
        return update(
                        "state = ?1, version = ?2, bytes = ?3, rows = ?4, sha256 = ?5, finishedAt = ?6, fetchUrl = null,"
                                + " problem.code = null, problem.detail = null, problem.row = null, problem.offset = null,"
                                + " problem.column = null, problem.raw = null where id = ?7 and state = ?8",
                        IngestState.succeeded,
                        version.number,
                        version.bytes,
                        version.rows,
                        version.sha256,
                        Instant.now(),
                        id,
                        IngestState.running)
                == 1;
    }
}
