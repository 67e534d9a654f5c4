package dev.sluice.query;

import dev.sluice.dataset.Column;
import dev.sluice.dataset.Dataset;
import dev.sluice.dataset.Readers;
import dev.sluice.dataset.Segment;
import dev.sluice.dataset.Version;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One version of a dataset, as something to read from.
 *
 * @param target how to name it in a path: name and number
 * @param from the FROM item: a table, or the ordered union of several
 * @param fields what {@code *} stands for
 * @param rows how many it has
 * @param rowBytes how large its widest row is in an answer, about, in bytes
 */
record Relation(String target, String from, List<Field> fields, long rows, long rowBytes) {

    /** Steps into one value. */
    static final int MAX_STEPS = 20;

    /** What the FROM item is called in a query. */
    static final String ALIAS = "t";

    /**
     * The version that {@code name} or {@code name@number} names.
     *
     * @throws ProblemException {@code NAME_INVALID}, {@code DATASET_NOT_FOUND}, {@code VERSION_NOT_FOUND}
     */
    static Relation named(String target, Readers readers) {
        int at = target.indexOf('@');
        Dataset dataset = Dataset.named(at < 0 ? target : target.substring(0, at));
        if (at < 0) {
            return of(dataset.currentVersion);
        }
        Version version = dataset.version(number(target.substring(at + 1)));
        readers.keep(version);
        return of(version);
    }

    private static int number(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw new ProblemException(ErrorCode.NAME_INVALID, "'" + text + "' is not a version number.");
        }
        return Integer.parseInt(text);
    }

    private static Relation of(Version version) {
        List<Field> fields = version.columns().stream().map(Relation::field).toList();
        int widest = version.segments.stream().mapToInt(s -> s.widest).max().orElse(0);
        int names = fields.stream().mapToInt(f -> f.name().length()).sum();
        return new Relation(
                version.dataset.name + "@" + version.number,
                from(version.segments),
                fields,
                version.rows,
                2L * widest + names);
    }

    private static Field field(Column c) {
        return new Field(c.name(), c.label(), c.columnType(), c.nullToken());
    }

    private static String from(List<Segment> segments) {
        if (segments.size() == 1) {
            return segments.getFirst().sqlName();
        }
        return segments.stream()
                .map(s -> "SELECT * FROM " + s.sqlName())
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
