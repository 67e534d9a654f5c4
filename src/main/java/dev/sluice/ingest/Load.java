package dev.sluice.ingest;

import dev.sluice.dataset.Column;
import dev.sluice.dataset.DatasetView;
import dev.sluice.dataset.IndexState;
import dev.sluice.dataset.Publish;
import dev.sluice.dataset.Reject;
import dev.sluice.dataset.Segment;
import dev.sluice.dataset.SourceFormat;
import dev.sluice.dataset.Version;
import dev.sluice.lease.Backend;
import dev.sluice.lease.Lease;
import dev.sluice.lease.Leases;
import dev.sluice.platform.database.TimeLimit;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.Sample;
import dev.sluice.table.TableColumn;
import dev.sluice.table.TableWriter;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.Dialect;
import dev.sluice.table.format.ReadAhead;
import dev.sluice.table.format.RecordBatch;
import dev.sluice.table.format.RejectedRecord;
import dev.sluice.table.profile.ColumnProfile;
import dev.sluice.table.type.Cell;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.Session;
import org.hibernate.jdbc.ReturningWork;
import org.postgresql.jdbc.PgConnection;

/**
 * Turns one source into one segment and publishes it: one transaction, which opens when the sample is complete and
 * whose last statements are the publish and the end of the ingest.
 */
@ApplicationScoped
class Load {
    /** How long a statement of a publish may wait, for another publish of the dataset; and so may the commit. */
    private static final Duration PUBLISH_LIMIT = Duration.ofMinutes(10);

    private final Session session;
    private final Publish publish;
    private final Leases leases;
    private final LoadConfig config;
    private final Stages stages;

    Load(Session session, Publish publish, Leases leases, LoadConfig config, Stages stages) {
        this.session = session;
        this.publish = publish;
        this.leases = leases;
        this.config = config;
        this.stages = stages;
    }

    /** The content is that of the current version, read the same way: what was loaded is rolled back. */
    static final class Unchanged extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private final int version;

        private Unchanged(int version) {
            super("unchanged", null, false, false);
            this.version = version;
        }

        int version() {
            return version;
        }
    }

    /**
     * Loads a source to its end.
     *
     * @param source the bytes of the ingest's body, from the first
     * @return the dataset as this load left it
     * @throws Unchanged if there is nothing to publish
     * @throws ProblemException whatever is wrong with the source; nothing has changed then
     * @throws IOException what reading the source throws, perhaps as the cause of another exception
     */
    DatasetView run(Running ingest, InputStream source) throws IOException {
        long start = System.nanoTime();
        Rejects rejects = new Rejects(ingest.options().rejects());
        Sample sample = stages.during(Stage.SAMPLE, ingest.stop(), () -> sample(ingest, source));
        return QuarkusTransaction.requiringNew()
                .timeout(Math.toIntExact(config.timeLimit().plus(PUBLISH_LIMIT).toSeconds()))
                .call(() -> {
                    Segment segment =
                            session.doReturningWork((ReturningWork<Segment>) c -> filled(c, ingest, sample, rejects));
                    Version version = draft(ingest, segment, sample.reader().dialect(), rejects);
                    version.durationMs =
                            Duration.ofNanos(System.nanoTime() - start).toMillis();
                    publish.current(ingest.dataset(), ingest.precondition())
                            .filter(version::isSameAs)
                            .ifPresent(current -> {
                                throw new Unchanged(current.number);
                            });
                    return stages.during(Stage.PUBLISH, ingest.stop(), () -> published(ingest, segment, version));
                });
    }

    private DatasetView published(Running ingest, Segment segment, Version version) throws SQLException {
        publish.publish(ingest.dataset(), List.of(segment), version);
        ingest.record("version.published", ingest.dataset() + "@" + version.number);
        end(ingest, version);
        return DatasetView.of(version);
    }

    private Sample sample(Running ingest, InputStream source) throws IOException {
        SourceOptions options = ingest.options();
        CsvReader reader = CsvReader.open(
                source,
                ingest.mediaType(),
                options.csv(Math.toIntExact(config.maxRecord().asLongValue())));
        return Sample.take(reader, options.types());
    }

    private Segment filled(Connection connection, Running ingest, Sample sample, Rejects rejects) throws SQLException {
        try {
            return fill(connection, ingest, sample, rejects);
        } catch (IOException e) {
            throw new SQLException(e);
        }
    }

    private Segment fill(Connection connection, Running ingest, Sample sample, Rejects rejects)
            throws SQLException, IOException {
        List<TableColumn> indexed = ingest.options().indexed().among(sample.columns());
        UUID id = Publish.newId();
        Segment segment = new Segment();
        segment.id = id;
        segment.tableName = Segment.tableName(id);
        segment.createdAt = Instant.now();
        Backend backend = Backend.of(connection);
        QuarkusTransaction.requiringNew().call(() -> {
            leases.loadsIn(ingest.lease(), backend);
            return null;
        });
        try (Statement s = connection.createStatement()) {
            // It waits for its source inside COPY, where this does not count; anywhere else it is frozen, not waiting.
            s.execute("SET LOCAL idle_in_transaction_session_timeout = "
                    + leases.duration().toMillis());
        }
        long end = System.nanoTime() + config.timeLimit().toNanos();
        TimeLimit.ofTransactionUntil(connection, end);
        ingest.executes(connection.unwrap(PgConnection.class));
        try (SegmentTable table = new SegmentTable(connection, segment.tableName, sample.columns(), end)) {
            TableWriter writer = stages.during(Stage.LOAD, ingest.stop(), () -> write(ingest, sample, rejects, table));
            rejects.check(writer.rows());
            TimeLimit.ofTransactionUntil(connection, end);
            stages.during(Stage.COMPLETE, ingest.stop(), () -> table.complete(indexed));
            segment.rows = writer.rows();
            segment.widest = writer.widest();
            segment.bytes = ingest.body().bytes();
            segment.columns = columns(sample.columns(), writer.profiles(), indexed);
            segment.profiles =
                    writer.profiles().stream().map(ColumnProfile::toBytes).toList();
        } catch (SQLException | IOException | RuntimeException e) {
            if (end - System.nanoTime() <= 0 && ingest.stop().reason().isEmpty()) { // so PostgreSQL has cancelled it
                throw new ProblemException(ErrorCode.LOAD_TOO_SLOW, "It took longer than " + config.timeLimit() + ".");
            }
            throw e;
        } finally {
            ingest.executes(null);
        }
        TimeLimit.ofTransaction(connection, PUBLISH_LIMIT);
        segment.persist();
        rejects.all().forEach(r -> reject(segment, r));
        return segment;
    }

    private static TableWriter write(Running ingest, Sample sample, Rejects rejects, SegmentTable table)
            throws IOException {
        TableWriter writer = new TableWriter(sample.columns(), table, rejects);
        while (!sample.batches().isEmpty()) {
            writer.write(sample.batches().removeFirst());
        }
        if (!sample.reader().atEnd()) {
            try (ReadAhead ahead = new ReadAhead(sample.reader())) {
                for (RecordBatch batch; (batch = ahead.next()) != null; ) {
                    writer.write(batch);
                    ingest.loaded(writer.rows());
                }
            }
        }
        writer.finish();
        return writer;
    }

    private static List<Column> columns(
            List<TableColumn> loaded, List<ColumnProfile> profiles, List<TableColumn> indexed) {
        List<Column> columns = new ArrayList<>(loaded.size());
        for (TableColumn c : loaded) {
            ColumnProfile profile = profiles.get(columns.size());
            columns.add(new Column(
                    c.name(),
                    c.label(),
                    c.typer().type().name(),
                    c.typer().type().format(),
                    c.typer().nullToken(),
                    profile.nulls(),
                    excerpt(profile.min()),
                    excerpt(profile.max()),
                    c.typer().ruledOut(),
                    indexed.contains(c) ? IndexState.ready : null));
        }
        return columns;
    }

    private static String excerpt(Cell value) {
        return value == null ? null : value.excerpt();
    }

    private static void reject(Segment segment, RejectedRecord rejected) {
        Reject reject = new Reject();
        reject.segmentId = segment.id;
        reject.row = rejected.row();
        reject.column = rejected.column();
        reject.raw = rejected.raw();
        reject.reason = rejected.reason();
        reject.hides = rejected.hides();
        reject.persist();
    }

    private static Version draft(Running ingest, Segment segment, Dialect dialect, Rejects rejects) {
        Version version = new Version();
        version.rows = segment.rows;
        version.bytes = segment.bytes;
        version.sha256 = ingest.body().hash();
        version.rejects = rejects.all().size();
        version.format = SourceFormat.of(dialect);
        version.options = ingest.options().reading();
        version.source = ingest.source();
        version.validators = ingest.validators();
        return version;
    }

    /** The last statements: whoever lost its lease rolls everything back. */
    private void end(Running ingest, Version version) throws SQLException {
        Lease lease = ingest.lease();
        if (!leases.release(lease) || !Ingest.succeed(lease.job(), version)) {
            throw new ProblemException(ErrorCode.PROCESS_LOST, "The ingest was given up while it ran.");
        }
    }
}
