package dev.sluice.dataset;

import dev.sluice.table.TableColumn;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hibernate.annotations.Mutability;
import org.hibernate.jpa.HibernateHints;
import org.hibernate.type.descriptor.java.Immutability;

/** One immutable table of the schema {@code data}, and what is known of it. */
@Entity
@Table(name = "segment")
public class Segment extends PanacheEntityBase {
    private static final Pattern TABLE_NAME = Pattern.compile("t_[0-9a-f]{32}");

    /** Columns that are read at once. */
    private static final int AT_A_TIME = 50;

    @Id
    public UUID id;

    /** Unqualified and opaque. */
    @jakarta.persistence.Column(name = "table_name", nullable = false, unique = true)
    public String tableName;

    @jakarta.persistence.Column(nullable = false)
    public long rows;

    /** Bytes of the source that became this segment. */
    @jakarta.persistence.Column(nullable = false)
    public long bytes;

    /** Bytes of its widest row in the binary format of COPY. */
    @jakarta.persistence.Column(nullable = false)
    public int widest;

    @jakarta.persistence.Column(name = "created_at", nullable = false)
    public Instant createdAt;

    @ElementCollection
    @CollectionTable(name = "segment_column", joinColumns = @JoinColumn(name = "segment_id"))
    @OrderColumn(name = "position")
    public List<Column> columns = new ArrayList<>();

    /** Of the columns, in their order; see {@link dev.sluice.table.profile.ColumnProfile#toBytes}. Large: loaded when asked for. */
    @ElementCollection
    @CollectionTable(name = "segment_profile", joinColumns = @JoinColumn(name = "segment_id"))
    @OrderColumn(name = "position")
    @jakarta.persistence.Column(name = "profile", nullable = false)
    @Mutability(Immutability.class)
    public List<byte[]> profiles = new ArrayList<>();

    long countColumns() {
        return getEntityManager()
                .createQuery("select count(c) from Segment s join s.columns c where s.id = ?1", Long.class)
                .setParameter(1, id)
                .getSingleResult();
    }

    /** The columns as the database has them now, a few in memory at a time; to be closed before the transaction ends. */
    Stream<Column> readColumns() {
        return getEntityManager()
                .createQuery("select c from Segment s join s.columns c where s.id = ?1 order by index(c)", Column.class)
                .setParameter(1, id)
                .setHint(HibernateHints.HINT_FETCH_SIZE, AT_A_TIME)
                .getResultStream();
    }

    /** The name of the table of the segment with that id. */
    public static String tableName(UUID id) {
        return "t_" + id.toString().replace("-", "");
    }

    /** Whether {@link #tableName(UUID)} gives that name to a table. */
    public static boolean isTableName(String name) {
        return name != null && TABLE_NAME.matcher(name).matches();
    }

    /** The table, qualified and quoted for SQL. */
    public String sqlName() {
        return sqlName(tableName);
    }

    /** A table or an index of that schema, qualified and quoted for SQL. */
    public static String sqlName(String name) {
        return "data.\"" + name + "\"";
    }

    /**
     * The name of a column's index.
     *
     * @param position of the column, from 0
     */
    public static String indexName(String tableName, int position) {
        return tableName + "_" + position;
    }

    /** The statement that makes it, of a table that nobody writes to any more: until then readers go on as they are. */
    public static String createIndex(String tableName, int position, String column) {
        return "CREATE INDEX IF NOT EXISTS " + indexName(tableName, position) + " ON " + sqlName(tableName) + " ("
                + TableColumn.quoted(column) + ")";
    }
}
