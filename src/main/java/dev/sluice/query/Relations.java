package dev.sluice.query;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.dataset.Dataset;
import dev.sluice.dataset.DatasetDeleted;
import dev.sluice.dataset.Readers;
import dev.sluice.dataset.Segment;
import dev.sluice.dataset.Version;
import dev.sluice.platform.SharedCache;
import dev.sluice.platform.memory.MemoryAccount.Input;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.SqlNames;
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
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

    /** Held of a column in the database, from what is read of it to its part of a query, about. */
    private static final int COLUMN_BYTES = 2048;

    /** Held of a column while a query of the relation goes on, about. */
    private static final int KEPT = 256;

    /** What is held of a column at first, as a multiple of what is remembered. */
    private static final int UNPACKED = 6;

    /** More than a row takes in an answer that {@link Segment#widest} can tell of. */
    private static final long MOST_ROW_BYTES = 1L << 33;

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
     * @param memory of the relation, for as long as there is one
     * @throws ProblemException {@code NAME_INVALID}, {@code DATASET_NOT_FOUND}, {@code VERSION_NOT_FOUND}, {@code
     *     VERSION_GONE}; the relation too
     */
    Named named(String target, Input memory) {
        int at = target.indexOf('@');
        if (at < 0) {
            return current(Dataset.checkedName(target), memory);
        }
        String name = Dataset.checkedName(target.substring(0, at));
        int number = number(target.substring(at + 1));
        Remembered version = remembered(name, number, memory, () -> Optional.of(loaded(name, number, memory)))
                .orElseThrow();
        return new Named(version.id(), () -> relation(version, name, memory));
    }

    private static int number(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new ProblemException(ErrorCode.NAME_INVALID, "'" + text + "' is not a version number.");
        }
        return Integer.parseInt(text);
    }

    private Named current(String name, Input memory) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(CURRENT)) {
            statement.setString(1, name);
            try (ResultSet found = statement.executeQuery()) {
                if (!found.next()) {
                    throw new ProblemException(ErrorCode.DATASET_NOT_FOUND, "There is no dataset '" + name + "'.");
                }
                UUID id = found.getObject(1, UUID.class);
                int number = found.getInt(2);
                return new Named(id, () -> current(name, number, id, memory));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Relation current(String name, int number, UUID id, Input memory) {
        Remembered version = remembered(
                        name,
                        number,
                        memory,
                        () -> Optional.of(loaded(name, memory)).filter(v -> v.id().equals(id)))
                .filter(v -> v.id().equals(id)) // not so if it is of a deleted dataset of that name
                .orElseGet(() -> loaded(name, memory));
        return relation(version, name, memory);
    }

    private static Relation relation(Remembered version, String name, Input memory) {
        memory.keep((long) version.columns().size() * KEPT);
        return version.relation(name);
    }

    private Remembered loaded(String name, Input memory) {
        return loaded(() -> Dataset.named(name).currentVersion, memory);
    }

    private Remembered loaded(String name, int number, Input memory) {
        return loaded(
                () -> {
                    Version version = Dataset.named(name).version(number);
                    readers.keep(version);
                    return version;
                },
                memory);
    }

    /** Waits for memory outside of a transaction, which would have a connection. */
    private static Remembered loaded(Supplier<Version> named, Input memory) {
        memory.hold(QuarkusTransaction.requiringNew().call(() -> named.get().countColumns()) * COLUMN_BYTES);
        return QuarkusTransaction.requiringNew().call(() -> Remembered.of(named.get()));
    }

    private Optional<Remembered> remembered(
            String name, int number, Input memory, Supplier<Optional<Remembered>> database) {
        return cache.get(
                group(name),
                Integer.toString(number),
                Remembered.class,
                readers.pause(),
                bytes -> memory.hold(bytes * UNPACKED),
                database);
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

    /**
     * A version, as it is remembered: names and numbers, of which the SQL is made here.
     *
     * @param tables of the version's segments, in their order
     * @param fields the columns with their types, as queries take them; made of {@code columns} once, and not kept in Redis
     */
    @RegisterForReflection
    record Remembered(
            UUID id,
            int number,
            List<String> tables,
            List<Column> columns,
            @JsonIgnore List<Field> fields,
            long rows,
            long rowBytes) {
        /** A field by the name and format of its type. */
        @RegisterForReflection
        record Column(String name, String label, String type, String format, String nullToken) {
            Field field() {
                return field(ColumnType.of(type, format));
            }

            /** @throws IllegalArgumentException if no load could have made it */
            Field checkedField() {
                if (!SqlNames.isName(name)) {
                    throw new IllegalArgumentException("no name of a column: " + name);
                }
                return field(ColumnType.read(type, format));
            }

            private Field field(ColumnType read) {
                return new Field(name, label, read, nullToken);
            }
        }

        /**
         * A version as Redis has it. A client that can write to Redis can write anything there: what no load could have made
         * is not found.
         *
         * @throws IllegalArgumentException if no load could have made it
         */
        @JsonCreator
        static Remembered read(
                @JsonProperty("id") UUID id,
                @JsonProperty("number") int number,
                @JsonProperty("tables") List<String> tables,
                @JsonProperty("columns") List<Column> columns,
                @JsonProperty("rows") long rows,
                @JsonProperty("rowBytes") long rowBytes) {
            boolean possible = id != null
                    && tables != null
                    && !tables.isEmpty()
                    && tables.stream().allMatch(Segment::isTableName)
                    && columns != null
                    && columns.stream().allMatch(Objects::nonNull)
                    && rows >= 0
                    && rowBytes > 0
                    && rowBytes <= MOST_ROW_BYTES;
            if (!possible) {
                throw new IllegalArgumentException("no load has made such a version");
            }
            List<Field> fields = columns.stream().map(Column::checkedField).toList();
            return new Remembered(id, number, tables, columns, fields, rows, rowBytes);
        }

        static Remembered of(Version version) {
            List<Column> columns;
            try (Stream<dev.sluice.dataset.Column> all = version.readColumns()) {
                columns = all.map(c -> new Column(c.name(), c.label(), c.type(), c.format(), c.nullToken()))
                        .toList();
            }
            if (columns.isEmpty()) {
                throw version.gone();
            }
            int widest = version.segments.stream().mapToInt(s -> s.widest).max().orElse(0);
            int names = columns.stream().mapToInt(c -> c.name().length()).sum();
            List<String> tables =
                    version.segments.stream().map(s -> s.tableName).toList();
            List<Field> fields = columns.stream().map(Column::field).toList();
            return new Remembered(
                    version.id, version.number, tables, columns, fields, version.rows, 2L * widest + names);
        }

        Relation relation(String dataset) {
            return new Relation(id, dataset + "@" + number, Relation.from(tables), fields, rows, rowBytes);
        }
    }
}
