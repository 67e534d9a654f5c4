package dev.sluice.table;

import dev.sluice.table.type.ColumnType;

/**
 * A column that takes a wider type while rows of it are stored already.
 *
 * @param column its SQL name, quoted
 * @param from the type so far, with its format
 * @param nullText the cell text that stood for NULL; {@code null} for the empty cell
 * @param to the new type
 */
public record Widening(String column, ColumnType from, String nullText, ColumnType to) {

    /** The action of {@code ALTER TABLE} that rewrites the stored values exactly. */
    public String sql() {
        return "ALTER COLUMN " + column + " TYPE " + to.sqlType() + " USING " + expression();
    }

    private String expression() {
        if (!(to instanceof ColumnType.Text) || from instanceof ColumnType.Text) {
            return column + "::" + to.sqlType(); // of text only NULLs are ever stored here
        }
        String text = from.sourceText(column);
        return nullText == null ? text : "coalesce(" + text + ", '" + nullText.replace("'", "''") + "')";
    }
}
