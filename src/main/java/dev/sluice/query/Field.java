package dev.sluice.query;

import dev.sluice.table.TableColumn;
import dev.sluice.table.type.ColumnType;

/**
 * A column that may be read.
 *
 * @param name its SQL name
 * @param label its name in the source
 * @param type with its format
 * @param nullToken the source's text for NULL, as the catalog keeps it
 */
record Field(String name, String label, ColumnType type, String nullToken) {
    static final Field ROW = new Field("_row", "_row", ColumnType.of("bigint", null), null);

    /** The column, which no name of an output can be mistaken for. */
    String sql() {
        return Relation.ALIAS + "." + TableColumn.quoted(name);
    }

    /** The source's text of the cell; NULL where that is an unquoted empty cell. */
    String sourceText() {
        String text = type.sourceText(sql());
        return nullToken == null ? text : "coalesce(" + text + ", '" + nullToken.replace("'", "''") + "')";
    }
}
