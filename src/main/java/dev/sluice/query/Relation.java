package dev.sluice.query;

import dev.sluice.dataset.Segment;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * One version of a dataset, as something to read from.
 *
 * @param version its id
 * @param target how to name it in a path: name and number
 * @param from the FROM item: a table, or the ordered union of several
 * @param fields what {@code *} stands for
 * @param rows how many it has
 * @param rowBytes how large its widest row is in an answer, about, in bytes
 */
record Relation(UUID version, String target, String from, List<Field> fields, long rows, long rowBytes) {

    /** Steps into one value. */
    static final int MAX_STEPS = 20;

    /** What the FROM item is called in a query. */
    static final String ALIAS = "t";

    /** The FROM item for the rows of all of some segments' tables. */
    static String from(List<String> tables) {
        if (tables.size() == 1) {
            return Segment.sqlName(tables.getFirst());
        }
        return tables.stream()
                .map(table -> "SELECT * FROM " + Segment.sqlName(table))
                .collect(Collectors.joining(" UNION ALL ", "(", ")"));
    }

    /** Reads an operand: a name, and maybe steps into its value. */
    Operand operand(QueryScanner in) {
        return operand(in.name(), in);
    }

    /** Reads the steps into the value of a column whose name has been read. */
    Operand operand(String name, QueryScanner in) {
        Field field = field(name);
        List<Operand.Step> path = new ArrayList<>();
        while (in.takes("->")) {
            boolean asText = in.takes(">");
            path.add(new Operand.Step(in.name(), asText));
            if (path.size() > MAX_STEPS) {
                throw QueryException.tooMuch("There are at most " + MAX_STEPS + " steps into a value.");
            }
            if (asText) {
                break;
            }
        }
        return new Operand(field, path);
    }

    /**
     * The field of that name.
     *
     * @throws ProblemException {@code COLUMN_NOT_FOUND}
     */
    private Field field(String name) {
        if (name.equals(Field.ROW.name())) {
            return Field.ROW;
        }
        return fields.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new QueryException(
                        ErrorCode.COLUMN_NOT_FOUND, "42703", "column \"" + name + "\" does not exist", null, null));
    }
}
