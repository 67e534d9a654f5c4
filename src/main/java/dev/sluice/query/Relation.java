package dev.sluice.query;

import dev.sluice.dataset.Column;
import dev.sluice.dataset.Dataset;
import dev.sluice.dataset.Segment;
import dev.sluice.dataset.Version;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One version of a dataset, as something to read from.
 *
 * @param from the FROM item: a table, or the ordered union of several
 * @param fields what {@code *} stands for
 * @param rowBytes how large its widest row is in an answer, about, in bytes
 */
record Relation(String from, List<Field> fields, long rowBytes) {

    /** What the FROM item is called in a query. */
    static final String ALIAS = "t";

    /**
     * The version that {@code name} or {@code name@number} names.
     *
     * @throws ProblemException {@code NAME_INVALID}, {@code DATASET_NOT_FOUND}, {@code VERSION_NOT_FOUND}
     */
    static Relation named(String target) {
        int at = target.indexOf('@');
        Dataset dataset = Dataset.named(at < 0 ? target : target.substring(0, at));
        return of(at < 0 ? dataset.currentVersion : dataset.version(number(target.substring(at + 1))));
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
        return new Relation(from(version.segments), fields, 2L * widest + names);
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

    /**
     * The field of that name.
     *
     * @throws ProblemException {@code COLUMN_NOT_FOUND}
     */
    Field field(String name) {
        if (name.equals(Field.ROW.name())) {
            return Field.ROW;
        }
        return fields.stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new ProblemException(ErrorCode.COLUMN_NOT_FOUND, "There is no column '" + name + "'."));
    }
}
