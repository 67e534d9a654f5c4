package dev.sluice.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.query.RowsQuery.Output;
import dev.sluice.query.RowsQuery.SortKey;
import dev.sluice.table.SqlNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a query string in the dialect of PostgREST 12: {@code select}, {@code order}, {@code limit}, {@code offset}, {@code
 * and}, {@code or}, and our {@code _after} and {@code _download}; every other parameter is a condition on the column it is named after.
 */
final class QueryParser {
    /** How often one column, or one aggregate of it, may be selected: each time its values are in the answer again. */
    static final int MAX_REPEATS = 4;

    /** Outputs in one query: PostgreSQL's limit of a result's columns. */
    static final int MAX_OUTPUTS = 1600;

    /** Keys of the order. */
    static final int MAX_KEYS = 100;

    private static final Pattern COUNT = Pattern.compile("\\d{1,18}");

    private static final Set<String> TREES = Set.of("and", "or", "not.and", "not.or");

    private final Relation relation;

    private QueryParser(Relation relation) {
        this.relation = relation;
    }

    /**
     * Reads the parameters of a query.
     *
     * @throws ProblemException {@code QUERY_INVALID}, {@code COLUMN_NOT_FOUND}
     */
    static RowsQuery parse(Map<String, List<String>> parameters, Relation relation) {
        return new QueryParser(relation).query(parameters);
    }

    private RowsQuery query(Map<String, List<String>> parameters) {
        FilterParser filterParser = new FilterParser(relation);
        List<Filter> filters = new ArrayList<>();
        List<Output> outputs = outputs(new QueryScanner("select", "*"));
        List<SortKey> order = List.of();
        Long limit = null;
        long offset = 0;
        Long after = null;
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            List<String> values = parameter.getValue();
            values.forEach(value -> refuseNul(name, value));
            if (TREES.contains(name)) {
                values.forEach(value -> filters.add(filterParser.tree(name, new QueryScanner(name, value))));
                continue;
            }
            switch (name) {
                case "select" -> outputs = outputs(new QueryScanner(name, single(name, values)));
                case "order" -> order = order(new QueryScanner(name, single(name, values)));
                case "limit" -> limit = count(name, single(name, values));
                case "offset" -> offset = count(name, single(name, values));
                case "_after" -> after = count(name, single(name, values));
                case Asked.DOWNLOAD -> single(name, values); // no matter of which rows
                default -> {
                    Operand operand = operand(name);
                    values.forEach(
                            value -> filters.add(filterParser.condition(operand, new QueryScanner(name, value))));
                }
            }
        }
        RowsQuery query = new RowsQuery(outputs, filters, order, after, limit, offset);
        if (after != null && query.isGrouped()) {
            throw QueryException.unreadable("Groups have no '_after'.", null);
        }
        return query;
    }

    private static void refuseNul(String name, String value) {
        if (name.indexOf('\0') >= 0 || value.indexOf('\0') >= 0) {
            throw QueryException.unreadable("A query has no character NUL.", null);
        }
    }

    private static String single(String name, List<String> values) {
        if (values.size() != 1) {
            throw QueryException.unreadable("'" + name + "' is given " + values.size() + " times.", null);
        }
        return values.getFirst();
    }

    private static long count(String name, String value) {
        if (!COUNT.matcher(value).matches()) {
            throw QueryException.unreadable("'" + name + "' is not a number of rows: '" + value + "'.", null);
        }
        return Long.parseLong(value);
    }

    private Operand operand(String name) {
        QueryScanner in = new QueryScanner(name, name);
        Operand operand = relation.operand(in);
        in.expectEnd();
        return operand;
    }

    private List<Output> outputs(QueryScanner in) {
        List<Output> outputs = new ArrayList<>();
        do {
            in.skipBlanks();
            if (in.takes("*")) {
                relation.fields().forEach(f -> outputs.add(Output.of(f)));
            } else {
                outputs.add(output(in));
            }
            if (outputs.size() > MAX_OUTPUTS) {
                throw QueryException.tooMuch("'select' has more than " + MAX_OUTPUTS + " columns.");
            }
            in.skipBlanks();
        } while (in.takes(","));
        in.expectEnd();
        check(outputs);
        return outputs;
    }

    private static void check(List<Output> outputs) {
        Set<String> names = new HashSet<>();
        for (Output output : outputs) {
            if (output.name().getBytes(UTF_8).length > SqlNames.MAX_BYTES) {
                throw QueryException.tooMuch("The name of a column has at most " + SqlNames.MAX_BYTES + " bytes.");
            }
            if (!names.add(output.name())) {
                throw QueryException.unreadable("'select' has two columns named '" + output.name() + "'.", null);
            }
        }
        if (RowsQuery.repeats(outputs) > MAX_REPEATS) {
            throw QueryException.tooMuch(
                    "'select' has no column, and no aggregate of one, more than " + MAX_REPEATS + " times.");
        }
    }

    private Output output(QueryScanner in) {
        if (in.sees("...")) {
            throw noRelationship("...");
        }
        String name = in.name();
        String alias = null;
        if (!in.sees("::") && in.takes(":")) {
            alias = name;
            name = in.name();
        }
        if (name.equals(Aggregate.COUNT.word()) && in.takes("()")) {
            return new Output(null, null, Aggregate.COUNT, cast(in), alias);
        }
        if (in.sees("(") || in.sees("!")) {
            throw noRelationship(name);
        }
        Operand operand = relation.operand(name, in);
        Cast cast = cast(in);
        Aggregate aggregate = in.takes(".") ? aggregate(in) : null;
        return new Output(operand, cast, aggregate, aggregate == null ? null : cast(in), alias);
    }

    private static Cast cast(QueryScanner in) {
        if (!in.takes("::")) {
            return null;
        }
        String type = in.until(",.():").strip();
        return Cast.of(type)
                .orElseThrow(() -> new QueryException(
                        ErrorCode.QUERY_INVALID, "42704", "type \"" + type + "\" does not exist", null, null));
    }

    private static Aggregate aggregate(QueryScanner in) {
        String word = in.until(",.():");
        Aggregate aggregate =
                Aggregate.of(word).orElseThrow(() -> in.error("there is no aggregate function '" + word + "'"));
        in.expect("()");
        return aggregate;
    }

    private static QueryException noRelationship(String name) {
        return new QueryException(
                ErrorCode.QUERY_INVALID,
                "PGRST200",
                "A dataset has no relationship to '" + name + "'.",
                "Datasets are read one at a time.",
                null);
    }

    private List<SortKey> order(QueryScanner in) {
        List<SortKey> keys = new ArrayList<>();
        do {
            in.skipBlanks();
            keys.add(sortKey(in));
            if (keys.size() > MAX_KEYS) {
                throw QueryException.tooMuch("'order' has at most " + MAX_KEYS + " keys.");
            }
        } while (in.takes(","));
        in.expectEnd();
        return keys;
    }

    private SortKey sortKey(QueryScanner in) {
        Operand operand = relation.operand(in);
        boolean descending = false;
        Boolean nullsFirst = null;
        while (in.takes(".")) {
            String word = in.until(".,");
            switch (word) {
                case "asc" -> descending = false;
                case "desc" -> descending = true;
                case "nullsfirst" -> nullsFirst = true;
                case "nullslast" -> nullsFirst = false;
                default -> throw in.error("there is no order '" + word + "'");
            }
        }
        return new SortKey(operand, descending, nullsFirst == null ? descending : nullsFirst); // as in PostgreSQL
    }
}
