package dev.sluice.dataset;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.Labelled;
import java.util.List;
import java.util.stream.Stream;

/**
 * The columns that are to have an index each, so that conditions on them are quick.
 *
 * @param columns by their names in SQL, or else by their labels
 * @param refusal of a list that cannot be
 */
public record Indexed(List<String> columns, ErrorCode refusal) {
    static final int MOST = 10;

    /**
     * A list.
     *
     * @throws ProblemException {@code refusal}: they are too many, or one is named twice
     */
    public Indexed {
        if (columns.size() > MOST || columns.stream().distinct().count() < columns.size()) {
            throw new ProblemException(refusal, "'index' names at most " + MOST + " columns, each of them once.");
        }
    }

    /**
     * Reads the option of an ingest.
     *
     * @param option absent for none
     * @throws ProblemException {@code OPTION_INVALID}
     */
    public static Indexed ofOption(String option) {
        List<String> columns = Stream.ofNullable(option)
                .flatMap(list -> Stream.of(list.split(",", -1)))
                .map(String::strip)
                .toList();
        return new Indexed(columns, ErrorCode.OPTION_INVALID);
    }

    /**
     * Those of a table.
     *
     * @throws ProblemException {@code refusal}: it has no such column
     */
    public <C extends Labelled> List<C> among(List<C> table) {
        return columns.stream().map(name -> named(name, table)).distinct().toList();
    }

    private <C extends Labelled> C named(String name, List<C> table) {
        return table.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .or(() -> table.stream().filter(c -> c.label().equals(name)).findFirst())
                .orElseThrow(() ->
                        new ProblemException(refusal, "'index' names a column '" + name + "' that there is not."));
    }

    /** What of it decides the table that a content becomes. */
    public String reading() {
        return columns.isEmpty() ? "" : " index=" + String.join(",", columns);
    }
}
