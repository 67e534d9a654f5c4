package dev.sluice.table;

import dev.sluice.table.type.ColumnTyper;

/**
 * A column while its table is loaded.
 *
 * @param label its name in the source
 * @param name its name in SQL
 */
public record TableColumn(String label, String name, ColumnTyper typer) implements Labelled {

    /** The name quoted for SQL. */
    public String sqlName() {
        return quoted(name);
    }

    public static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
