package dev.sluice.query;

import dev.sluice.dataset.Dataset;
import dev.sluice.dataset.DatasetDeleted;
import dev.sluice.dataset.Readers;
import dev.sluice.dataset.Version;
import dev.sluice.platform.SharedCache;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.type.ColumnType;
import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Finds the versions that paths name. Of a name alone the database says which one is current now; what a version is never
 * changes, and is remembered for all processes until its dataset is deleted or it has to be put on record again that it is
 * read.
 */
@ApplicationScoped
class Relations {
    private static final Logger LOG = Logger.getLogger(Relations.class);
    private static final String CURRENT = """
            SELECT v.id, v.number FROM sluice.dataset d JOIN sluice.version v ON v.id = d.current_version_id
            WHERE d.name = ?""";

    private final AgroalDataSource database;
    private final SharedCache cache;
    private final Readers readers;

    Relations(AgroalDataSource database, SharedCache cache, Readers readers) {
        this.database = database;
        this.cache = cache;
        this.readers = readers;
    }

    /**
     * The version that a path names now.
     *
     * @param relation what is to be read; of a later version if that one has gone meanwhile
     */
    record Named(UUID version, Supplier<Relation> relation) {}

    /**
     * The version that {@code name} or {@code name@number} names.
     *
     * @throws ProblemException {@code NAME_INVALID}, {@code DATASET_NOT_FOUND}, {@code VERSION_NOT_FOUND}, {@code
     *     VERSION_GONE}; the relation too
     */
    Named named(String target) {
        int at = target.indexOf('@');
        if (at < 0) {
            return current(Dataset.checkedName(target));
        }
        String name = Dataset.checkedName(target.substring(0, at));
        int number = number(target.substring(at + 1));
        Remembered version = remembered(name, number, () -> Optional.of(loaded(name, number)))
                .orElseThrow();
        return new Named(version.id(), version::relation);
    }

    private static int number(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new ProblemException(ErrorCode.NAME_INVALID, "'" + text + "' is not a version number.");
        }
        return Integer.parseInt(text);
    }

    private Named current(String name) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(CURRENT)) {
            statement.setString(1, name);
            try (ResultSet found = statement.executeQuery()) {
                if (!found.next()) {
                    throw new ProblemException(ErrorCode.DATASET_NOT_FOUND, "There is no dataset '" + name + "'.");
                }
                UUID id = found.getObject(1, UUID.class);
                int number = found.getInt(2);
                return new Named(id, () -> current(name, number, id));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Relation current(String name, int number, UUID id) {
        return remembered(name, number, () -> Optional.of(loaded(name)).filter(v -> v.id().equals(id)))
                .filter(v -> v.id().equals(id)) // not so if it is of a deleted dataset of that name
                .orElseGet(() -> loaded(name))
                .relation();
    }

    private Remembered loaded(String name) {
        return QuarkusTransaction.requiringNew().call(() -> Remembered.of(Dataset.named(name).currentVersion));
    }

    private Remembered loaded(String name, int number) {
        return QuarkusTransaction.requiringNew().call(() -> {
            Version version = Dataset.named(name).version(number);
            readers.keep(version);
            return Remembered.of(version);
        });
    }

    private Optional<Remembered> remembered(String name, int number, Supplier<Optional<Remembered>> database) {
        return cache.get(group(name), Integer.toString(number), Remembered.class, readers.pause(), database);
    }

    void deleted(@Observes DatasetDeleted dataset) {
        if (!cache.forget(group(dataset.name()))) {
            LOG.warnf(
                    "Dataset %s is deleted, but its versions may be found by their numbers for %s",
                    dataset.name(), readers.pause());
        }
    }

    private static String group(String name) {
        return "versions:" + name;
    }

    /** A version, as it is remembered: a relation, but for the types of its fields. */
    @RegisterForReflection
    record Remembered(UUID id, String target, String from, List<Column> columns, long rows, long rowBytes) {
        /** A field by the name and format of its type. */
        @RegisterForReflection
        record Column(String name, String label, String type, String format, String nullToken) {}

        static Remembered of(Version version) {
            Relation relation = Relation.of(version);
            List<Column> columns = relation.fields().stream()
                    .map(f -> new Column(
                            f.name(), f.label(), f.type().name(), f.type().format(), f.nullToken()))
                    .toList();
            return new Remembered(
                    version.id, relation.target(), relation.from(), columns, relation.rows(), relation.rowBytes());
        }

        Relation relation() {
            List<Field> fields = columns.stream()
                    .map(c -> new Field(c.name, c.label, ColumnType.of(c.type, c.format), c.nullToken))
                    .toList();
            return new Relation(id, target, from, fields, rows, rowBytes);
        }
    }
}
