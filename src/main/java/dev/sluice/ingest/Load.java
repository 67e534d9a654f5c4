package dev.sluice.ingest;

import dev.sluice.dataset.Column;
import dev.sluice.dataset.DatasetView;
import dev.sluice.dataset.Publish;
import dev.sluice.dataset.Reject;
import dev.sluice.dataset.Segment;
import dev.sluice.dataset.Source;
import dev.sluice.dataset.SourceFormat;
import dev.sluice.dataset.Version;
import dev.sluice.ingest.SegmentTable.StoredFacts;
import dev.sluice.lease.Lease;
import dev.sluice.lease.Leases;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.Sample;
import dev.sluice.table.TableColumn;
import dev.sluice.table.TableWriter;
import dev.sluice.table.format.CsvReader;
import dev.sluice.table.format.Dialect;
import dev.sluice.table.format.RecordBatch;
import dev.sluice.table.format.RejectedRecord;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.hibernate.Session;
import org.hibernate.jdbc.ReturningWork;

/**
 * Turns one source into one segment and publishes it: one transaction, which opens when the sample is complete and
 * whose last statements are the publish and the end of the ingest.
 */
@ApplicationScoped
class Load {
    private final Session session;
    private final Publish publish;
    private final Leases leases;
    private final UploadConfig config;

    Load(Session session, Publish publish, Leases leases, UploadConfig config) {
        this.session = session;
        this.publish = publish;
        this.leases = leases;
        this.config = config;
    }

    /**
     * Loads a source to its end.
     *
     * @param source the bytes of the ingest's body, from the first
     * @return the dataset as this load left it
     * @throws ProblemException whatever is wrong with the source; nothing has changed then
     */
    DatasetView run(Running ingest, InputStream source) throws IOException {
        long start = System.nanoTime();
        Rejects rejects = new Rejects(ingest.options().maxRejects());
        CsvReader reader = CsvReader.open(
                source,
                ingest.options().dialect(),
                Math.toIntExact(config.maxRecord().asLongValue()),
                rejects);
        Sample sample = Sample.take(reader);
        return QuarkusTransaction.requiringNew()
                .timeout(Math.toIntExact(config.timeLimit().toSeconds()))
                .call(() -> {
                    Segment segment = session.doReturningWork(
                            (ReturningWork<Segment>) c -> fill(c, ingest, reader, sample, rejects));
                    Version version = draft(ingest, segment, reader.dialect(), rejects);
                    version.durationMs =
                            Duration.ofNanos(System.nanoTime() - start).toMillis();
                    publish.publish(ingest.dataset(), List.of(segment), version);
                    end(ingest, version);
                    return DatasetView.of(version);
                });
    }

    private Segment fill(Connection connection, Running ingest, CsvReader reader, Sample sample, Rejects rejects)
            throws SQLException {
        UUID id = Publish.newId();
        Segment segment = new Segment();
        segment.id = id;
        segment.tableName = "t_" + id.toString().replace("-", "");
        segment.createdAt = Instant.now();
        try (SegmentTable table = new SegmentTable(connection, segment.tableName, sample.columns())) {
            TableWriter writer = write(ingest, reader, sample, rejects, table);
            table.complete();
            segment.rows = writer.rows();
            segment.widest = writer.widest();
            segment.bytes = ingest.body().bytes();
            segment.columns = columns(sample.columns(), writer, table);
        } catch (IOException e) {
            throw new SQLException(e);
        }
        segment.persist();
        rejects.records().forEach(r -> reject(segment, r));
        return segment;
    }

    private static TableWriter write(
            Running ingest, CsvReader reader, Sample sample, Rejects rejects, SegmentTable table) throws IOException {
        TableWriter writer = new TableWriter(sample.columns(), table, rejects);
        while (!sample.batches().isEmpty()) {
            writer.write(sample.batches().removeFirst());
        }
        RecordBatch batch = new RecordBatch();
        while (reader.read(batch)) {
            writer.write(batch);
            ingest.loaded(writer.rows());
        }
        writer.finish();
        return writer;
    }

    private static List<Column> columns(List<TableColumn> loaded, TableWriter writer, SegmentTable table)
            throws SQLException {
        List<Column> columns = new ArrayList<>(loaded.size());
        for (TableColumn c : loaded) {
            StoredFacts facts = writer.widened().contains(c)
                    ? table.facts(c)
                    : new StoredFacts(
                            c.facts().nulls(), c.facts().min(), c.facts().max());
            columns.add(new Column(
                    c.name(),
                    c.label(),
                    c.typer().type().name(),
                    c.typer().type().format(),
                    c.typer().nullToken(),
                    facts.nulls(),
                    facts.min(),
                    facts.max(),
                    c.typer().ruledOut()));
        }
        return columns;
    }

    private static void reject(Segment segment, RejectedRecord rejected) {
        Reject reject = new Reject();
        reject.segmentId = segment.id;
        reject.row = rejected.row();
        reject.raw = rejected.raw();
        reject.reason = rejected.reason();
        reject.persist();
    }

    private static Version draft(Running ingest, Segment segment, Dialect dialect, Rejects rejects) {
        Version version = new Version();
        version.rows = segment.rows;
        version.bytes = segment.bytes;
        version.sha256 = ingest.body().hash();
        version.rejects = rejects.records().size();
        String delimiter = Character.toString(dialect.delimiter());
        version.format = new SourceFormat(
                delimiter.equals("\t") ? "tsv" : "csv", "UTF-8", delimiter, Character.toString(dialect.quote()), true);
        version.source = Source.UPLOAD;
        return version;
    }

    /** The last statements: whoever lost its lease rolls everything back. */
    private void end(Running ingest, Version version) throws SQLException {
        Lease lease = ingest.lease();
        if (!leases.release(lease) || !Ingest.succeed(lease.job(), version.number, version.bytes, version.rows)) {
            throw new ProblemException(ErrorCode.PROCESS_LOST, "The ingest was given up while it ran.");
        }
    }
}
