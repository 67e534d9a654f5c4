package dev.sluice.dataset;

import dev.sluice.table.Labelled;
import dev.sluice.table.type.ColumnType;
import dev.sluice.table.type.RuledOut;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/**
 * A column of a segment's table.
 *
 * @param name its SQL name
 * @param label its name in the source
 * @param type the name of its {@link ColumnType}
 * @param format the type's format; absent if the type has none
 * @param nullToken the cell text that stands for NULL; absent where it is the empty cell
 * @param nulls how many cells are NULL
 * @param min the least value as the source wrote it (text in C order); absent if there is none
 * @param max the greatest value likewise
 * @param ruledOut the types it might have had, each with the first cell that ruled it out
 * @param index of its index; absent if it has none
 */
@Embeddable
public record Column(
        @jakarta.persistence.Column(nullable = false) String name,
        @jakarta.persistence.Column(nullable = false) String label,
        @jakarta.persistence.Column(nullable = false) String type,
        String format,
        @jakarta.persistence.Column(name = "null_token") String nullToken,
        @jakarta.persistence.Column(nullable = false) long nulls,
        String min,
        String max,

        @jakarta.persistence.Column(name = "ruled_out", nullable = false) @JdbcTypeCode(SqlTypes.JSON)
        List<RuledOut> ruledOut,

        @jakarta.persistence.Column(name = "index_state") @Enumerated(EnumType.STRING)
        IndexState index)
        implements Labelled {

    /** The type with its format. */
    public ColumnType columnType() {
        return ColumnType.of(type, format);
    }

    /** As it is to be: with an index or without one. */
    Column indexed(boolean wanted) {
        return new Column(
                name, label, type, format, nullToken, nulls, min, max, ruledOut, IndexState.wanted(wanted, index));
    }
}
