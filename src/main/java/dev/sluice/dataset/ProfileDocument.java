package dev.sluice.dataset;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.sluice.platform.identity.Caller;
import dev.sluice.platform.memory.MemoryAccount;
import dev.sluice.platform.memory.WholeAnswer;
import dev.sluice.platform.memory.WholeAnswers;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.platform.share.Shares;
import dev.sluice.table.profile.ColumnProfile;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

    private static final String SIZE = """
            SELECT coalesce(max(octet_length(profile)), 0)::bigint * %d
            FROM sluice.segment_profile JOIN sluice.version_segment USING (segment_id) WHERE version_id = ?1""".formatted(UNPACKED * AT_A_TIME);

    private static final String COUNT =
            "SELECT count(*) FROM sluice.segment_profile WHERE segment_id = ?1 AND position < ?2";

    private static final String PROFILES = """
            SELECT profile FROM sluice.segment_profile WHERE segment_id = ?1 AND position >= ?2 AND position < ?3
            ORDER BY position""";

    private final Session database;
    private final ObjectWriter json;
    private final MemoryAccount memory;
    private final WholeAnswers answers;

    /** Garbage of sketches is many times what the account knows of, so few are unpacked at a time. */
    private final Shares turns = Shares.allButOne(AT_ONCE);

    ProfileDocument(Session database, ObjectMapper json, MemoryAccount memory, WholeAnswers answers) {
        this.database = database;
        this.json = WholeAnswers.writer(json);
        this.memory = memory;
        this.answers = answers;
    }

    /**
     * The profile of a version over all of its segments. Waits for memory outside of a transaction, which would have a
     * connection.
     *
     * @param named finds the version
     * @throws ProblemException {@code VERSION_GONE} if the version was deleted after it was read, {@code
     *     PROFILE_MISSING} if an earlier release loaded it, {@code ROWS_BUSY}
     */
    byte[] of(Supplier<Version> named, Caller caller, RoutingContext routing) {
        long bytes = QuarkusTransaction.requiringNew().call(() -> size(named.get()));
        try (Shares.Place _ = turns.take(caller.id(), memory.patience()).orElseThrow(ProfileDocument::busy);
                MemoryAccount.Claim _ = memory.claim(caller.id(), bytes);
                WholeAnswer answer = answers.begin(caller.id(), routing)) {
            return QuarkusTransaction.requiringNew().call(() -> written(named.get(), answer));
        }
    }

    private static ProblemException busy() {
        return new ProblemException(ErrorCode.ROWS_BUSY, "Too many profiles are asked for.");
    }

    private long size(Version version) {
        return database.createNativeQuery(SIZE, Long.class)
                .setParameter(1, version.id)
                .getSingleResult();
    }

    private byte[] written(Version version, WholeAnswer answer) {
        long columns = version.countColumns();
        if (columns == 0) {
            throw version.gone();
        }
        if (version.segments.stream().anyMatch(segment -> count(segment, columns) != columns)) {
            throw new ProblemException(
                    ErrorCode.PROFILE_MISSING,
                    "Version " + version.number + " was loaded by a release that took no profiles.");
        }
        try (Stream<Column> all = version.readColumns();
                JsonGenerator out = json.createGenerator(answer)) {
            out.writeStartObject();
            out.writeNumberField("version", version.number);
            out.writeNumberField("rows", version.rows);
            out.writeArrayFieldStart("columns");
            Iterator<Column> next = all.iterator();
            for (int from = 0; next.hasNext(); from += AT_A_TIME) {
                write(version, few(next), from, out);
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.bytes();
    }

    private static List<Column> few(Iterator<Column> next) {
        List<Column> few = new ArrayList<>();
        while (few.size() < AT_A_TIME && next.hasNext()) {
            few.add(next.next());
        }
        return few;
    }

    private long count(Segment segment, long columns) {
        return database.createNativeQuery(COUNT, Long.class)
                .setParameter(1, segment.id)
                .setParameter(2, columns)
                .getSingleResult();
    }

    private void write(Version version, List<Column> columns, int from, JsonGenerator out) throws IOException {
        List<ColumnProfile> profiles = profiles(version, version.segments.getFirst(), from, columns.size());
        for (Segment segment : version.segments.subList(1, version.segments.size())) {
            List<ColumnProfile> more = profiles(version, segment, from, columns.size());
            for (int c = 0; c < profiles.size(); c++) {
                profiles.get(c).merge(more.get(c));
            }
        }
        for (int c = 0; c < columns.size(); c++) {
            out.writePOJO(ProfileView.column(columns.get(c), profiles.get(c)));
        }
    }

    private List<ColumnProfile> profiles(Version version, Segment segment, int from, int columns) {
        List<ColumnProfile> found = database.createNativeQuery(PROFILES, byte[].class)
                .setParameter(1, segment.id)
                .setParameter(2, from)
                .setParameter(3, from + AT_A_TIME)
                .getResultStream()
                .map(ColumnProfile::of)
                .toList();
        if (found.size() < columns) {
            throw version.gone();
        }
        return found;
    }
}
