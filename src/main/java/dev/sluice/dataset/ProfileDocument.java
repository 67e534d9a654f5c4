package dev.sluice.dataset;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.platform.memory.MemoryAccount;
import dev.sluice.platform.memory.WholeAnswer;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.profile.ColumnProfile;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.hibernate.Session;

/** Writes {@link ProfileView} as JSON. Of all columns a few are in memory at a time, since a profile is large. */
@ApplicationScoped
@RegisterForReflection(
        targets = {
            ProfileView.ColumnView.class,
            ProfileView.HistogramView.class,
            ProfileView.TopView.class,
            ProfileView.TextView.class,
            ProfileView.EstimatesView.class,
            ProfileView.BoundsView.class
        }) // no signature has them, where Quarkus would see them
class ProfileDocument {
    private static final int AT_A_TIME = 2;

    private static final int AT_ONCE = 2;

    /** How much larger a profile is in memory than its bytes, about. */
    private static final int UNPACKED = 8;

    /** Held of a column of the catalog, about. */
    private static final int COLUMN_BYTES = 4096;

    private static final String SIZE = """
            SELECT count(*) * %d + coalesce(max(octet_length(profile)), 0)::bigint * %d
            FROM sluice.segment_profile JOIN sluice.version_segment USING (segment_id) WHERE version_id = ?1""".formatted(COLUMN_BYTES, UNPACKED * AT_A_TIME);

    private static final String COUNT =
            "SELECT count(*) FROM sluice.segment_profile WHERE segment_id = ?1 AND position < ?2";

    private static final String PROFILES = """
            SELECT profile FROM sluice.segment_profile WHERE segment_id = ?1 AND position >= ?2 AND position < ?3
            ORDER BY position""";

    private final Session database;
    private final ObjectMapper json;
    private final MemoryAccount memory;

    /** Garbage of sketches is many times what the account knows of, so few are unpacked at a time. */
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    ProfileDocument(Session database, ObjectMapper json, MemoryAccount memory) {
        this.database = database;
        this.json = json;
        this.memory = memory;
    }

    /**
     * The profile of a version over all of its segments. Waits for memory outside of a transaction, which would have a
     * connection.
     *
     * @param named finds the version
     * @throws ProblemException {@code VERSION_GONE} if the version was deleted after it was read, {@code
     *     PROFILE_MISSING} if an earlier release loaded it, {@code ROWS_BUSY}
     */
    byte[] of(Supplier<Version> named, RoutingContext routing) {
        long bytes = QuarkusTransaction.requiringNew().call(() -> size(named.get()));
        take();
        try (MemoryAccount.Claim _ = memory.claim(bytes)) {
            return QuarkusTransaction.requiringNew().call(() -> written(named.get(), routing));
        } finally {
            turns.release();
        }
    }

    private void take() {
        try {
            if (turns.tryAcquire(memory.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ProblemException(ErrorCode.ROWS_BUSY, "Too many profiles are asked for.");
    }

    private long size(Version version) {
        return database.createNativeQuery(SIZE, Long.class)
                .setParameter(1, version.id)
                .getSingleResult();
    }

    private byte[] written(Version version, RoutingContext routing) {
        List<Column> columns = version.columns();
        if (version.segments.stream().anyMatch(segment -> count(segment, columns.size()) != columns.size())) {
            throw new ProblemException(
                    ErrorCode.PROFILE_MISSING,
                    "Version " + version.number + " was loaded by a release that took no profiles.");
        }
        WholeAnswer answer = new WholeAnswer(memory, routing);
        try (JsonGenerator out = json.createGenerator(answer)) {
            out.writeStartObject();
            out.writeNumberField("version", version.number);
            out.writeNumberField("rows", version.rows);
            out.writeArrayFieldStart("columns");
            for (int from = 0; from < columns.size(); from += AT_A_TIME) {
                write(version, columns.subList(from, Math.min(from + AT_A_TIME, columns.size())), from, out);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.bytes();
    }

    private long count(Segment segment, int columns) {
        return database.createNativeQuery(COUNT, Long.class)
                .setParameter(1, segment.id)
                .setParameter(2, columns)
                .getSingleResult();
    }

    private void write(Version version, List<Column> columns, int from, JsonGenerator out) throws IOException {
        List<ColumnProfile> profiles = profiles(version.segments.getFirst(), from);
        for (Segment segment : version.segments.subList(1, version.segments.size())) {
            List<ColumnProfile> more = profiles(segment, from);
            for (int c = 0; c < profiles.size(); c++) {
                profiles.get(c).merge(more.get(c));
            }
        }
        for (int c = 0; c < columns.size(); c++) {
            out.writePOJO(ProfileView.column(columns.get(c), profiles.get(c)));
        }
    }

    private List<ColumnProfile> profiles(Segment segment, int from) {
        return database.createNativeQuery(PROFILES, byte[].class)
                .setParameter(1, segment.id)
                .setParameter(2, from)
                .setParameter(3, from + AT_A_TIME)
                .getResultStream()
                .map(ColumnProfile::of)
                .toList();
    }
}
