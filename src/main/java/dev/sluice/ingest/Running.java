package dev.sluice.ingest;

import dev.sluice.dataset.Source;
import dev.sluice.dataset.Validators;
import dev.sluice.lease.Holder;
import dev.sluice.lease.Lease;
import dev.sluice.lease.Progress;
import dev.sluice.platform.Precondition;
import dev.sluice.platform.identity.Actor;
import dev.sluice.platform.identity.AuditEntry;
import dev.sluice.platform.identity.DailyBytes;
import dev.sluice.platform.problem.Problems;
import java.io.InputStream;
import java.sql.SQLException;
import org.jboss.logging.Logger;
import org.postgresql.jdbc.PgConnection;

/** An ingest while this process works on it. Loaded by one thread; all else may be called by any. */
final class Running implements Holder {
    private static final Logger LOG = Logger.getLogger(Running.class);

    private final String dataset;
    private final Actor actor;
    private final Lease lease;
    private final SourceOptions options;
    private final Source source;
    private final Precondition precondition;
    private final StopSignal stop = new StopSignal();
    private volatile MeteredBody body;
    private Validators validators = Validators.NONE;
    private String mediaType;
    private volatile long rows;
    private volatile Long totalBytes;
    private PgConnection connection;

    Running(String dataset, Actor actor, Lease lease, SourceOptions options, Source source, Precondition precondition) {
        this.dataset = dataset;
        this.actor = actor;
        this.lease = lease;
        this.options = options;
        this.source = source;
        this.precondition = precondition;
    }

    String dataset() {
        return dataset;
    }

    /** Puts a change that it makes on record, unless an earlier release did not write down who asked for it. */
    void record(String action, String subject) {
        if (actor.id() != null) {
            AuditEntry.record(actor, action, subject);
        }
    }

    Lease lease() {
        return lease;
    }

    SourceOptions options() {
        return options;
    }

    Source source() {
        return source;
    }

    /** Of the dataset, when the ingest is published. */
    Precondition precondition() {
        return precondition;
    }

    StopSignal stop() {
        return stop;
    }

    /** Begins to read the source. */
    MeteredBody receive(InputStream in, LoadConfig limits, DailyBytes daily) {
        body = new MeteredBody(in, stop, limits, bytes -> daily.take(actor.id(), bytes));
        return body;
    }

    /** What the source said to recognise its content by. */
    void validators(Validators validators) {
        this.validators = validators;
    }

    Validators validators() {
        return validators;
    }

    /** For whom it runs. */
    Actor actor() {
        return actor;
    }

    /** What the sender calls its content; {@code null} if it does not say. */
    void mediaType(String mediaType) {
        this.mediaType = mediaType;
    }

    String mediaType() {
        return mediaType;
    }

    MeteredBody body() {
        return body;
    }

    long bytes() {
        MeteredBody now = body;
        return now == null ? 0 : now.bytes();
    }

    /** The size of the source as announced; {@code null} if it was not. */
    Long totalBytes() {
        return totalBytes;
    }

    void totalBytes(Long totalBytes) {
        this.totalBytes = totalBytes;
    }

    long rows() {
        return rows;
    }

    void loaded(long rows) {
        this.rows = rows;
    }

    /**
     * From now on a stop cancels the statement that runs on this connection; until {@code null} is given. If the lease is lost it
     * ends the connection too: the database may have vanished, and would never say that the statement is cancelled.
     */
    synchronized void executes(PgConnection connection) throws StoppedException {
        this.connection = connection;
        if (connection != null && stop.reason().isPresent()) {
            throw new StoppedException();
        }
    }

    void stop(StopSignal.Reason reason) {
        stop.stop(reason);
        Thread.startVirtualThread(() -> cancelStatement(reason));
    }

    private synchronized void cancelStatement(StopSignal.Reason reason) {
        if (connection == null) {
            return;
        }
        try {
            connection.cancelQuery();
            if (reason == StopSignal.Reason.LOST) {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            LOG.warnf(
                    "Ingest %s: its statement could not be cancelled: %s",
                    lease.job(), Problems.of(e).getMessage());
        }
    }

    @Override
    public Progress progress() {
        return new Progress(lease, bytes(), rows);
    }

    @Override
    public void cancel() {
        stop(StopSignal.Reason.CANCELLED);
    }

    @Override
    public void lose() {
        stop(StopSignal.Reason.LOST);
    }
}
