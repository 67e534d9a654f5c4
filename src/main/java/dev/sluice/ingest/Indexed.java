package dev.sluice.ingest;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.TableColumn;
import java.util.List;
import java.util.stream.Stream;

/**
 * The columns that are to have an index each, so that conditions on them are quick.
 *
 * @param columns by their names in SQL, or else by their labels
 */
record Indexed(List<String> columns) {
    static final int MOST = 10;

    /**
     * Reads the option.
     *
     * @param option absent for none
     * @throws ProblemException {@code OPTION_INVALID}
     */
    static Indexed of(String option) {
        List<String> columns = Stream.ofNullable(option)
                .flatMap(list -> Stream.of(list.split(",", -1)))
                .map(String::strip)
                .toList();
        if (columns.size() > MOST || columns.stream().distinct().count() < columns.size()) {
            throw invalid("names at most " + MOST + " columns, each of them once.");
        }
        return new Indexed(columns);
    }

    /**
     * Those of a table.
     *
     * @throws ProblemException {@code OPTION_INVALID}: it has no such column
     */
    List<TableColumn> among(List<TableColumn> table) {
        return columns.stream().map(name -> named(name, table)).distinct().toList();
    }

    private static TableColumn named(String name, List<TableColumn> table) {
        return table.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .or(() -> table.stream().filter(c -> c.label().equals(name)).findFirst())
                .orElseThrow(() -> invalid("names a column '" + name + "' that there is not."));
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.OPTION_INVALID, "Option 'index' " + detail);
    }

    /** What of it decides the table that a content becomes. */
    String reading() {
        return columns.isEmpty() ? "" : " index=" + String.join(",", columns);
    }
}
