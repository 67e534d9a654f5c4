package dev.sluice.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.query.Filter.Truth;
import dev.sluice.query.RowsQuery.Output;
import dev.sluice.query.RowsQuery.SortKey;
import dev.sluice.table.SqlNames;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads a query string: {@code select}, {@code order}, {@code limit}, {@code offset}; every other parameter is a filter
 * on the column it is named after.
 */
final class QueryParser {
    /** Filters in one query. */
    static final int MAX_FILTERS = 100;

    /** Values of one {@code in}. */
    static final int MAX_VALUES = 10_000;

    /** How often one column may be selected: each time its values are in the answer again. */
    static final int MAX_REPEATS = 4;

    /** Outputs in one query: PostgreSQL's limit of a result's columns. */
    static final int MAX_OUTPUTS = 1600;

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
        List<Filter> filters = new ArrayList<>();
        List<Output> outputs = outputs("*");
        List<SortKey> order = List.of();
        Long limit = null;
        long offset = 0;
        for (Map.Entry<String, List<String>> parameter : parameters.entrySet()) {
            String name = parameter.getKey();
            List<String> values = parameter.getValue();
            switch (name) {
                case "select" -> outputs = outputs(single(name, values));
                case "order" -> order = order(single(name, values));
                case "limit" -> limit = count(name, single(name, values));
                case "offset" -> offset = count(name, single(name, values));
                default -> values.forEach(value -> filters.add(filter(relation.field(name), value)));
            }
        }
        if (filters.size() > MAX_FILTERS) {
            throw invalid("There are " + filters.size() + " filters; the most is " + MAX_FILTERS + ".");
        }
        return new RowsQuery(outputs, filters, order, limit, offset);
    }

    private static String single(String name, List<String> values) {
        if (values.size() != 1) {
            throw invalid("'" + name + "' is given " + values.size() + " times.");
        }
        return values.getFirst();
    }

    private static long count(String name, String value) {
        if (!value.matches("\\d{1,18}")) {
            throw invalid("'" + name + "' is not a number of rows: '" + value + "'.");
        }
        return Long.parseLong(value);
    }

    private List<Output> outputs(String select) {
        List<Output> outputs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String item : select.split(",", -1)) {
            String text = item.strip();
            if (text.equals("*")) {
                relation.fields().forEach(f -> outputs.add(new Output(f, null)));
                continue;
            }
            int colon = text.indexOf(':');
            String alias = colon < 0 ? null : text.substring(0, colon);
            if (alias != null
                    && (alias.isEmpty()
                            || alias.indexOf('\0') >= 0
                            || alias.getBytes(UTF_8).length > SqlNames.MAX_BYTES)) {
                throw invalid("An alias in 'select' has 1 to 63 bytes.");
            }
            outputs.add(new Output(relation.field(text.substring(colon + 1)), alias));
        }
        for (Output output : outputs) {
            if (!names.add(output.name())) {
                throw invalid("'select' has two columns named '" + output.name() + "'.");
            }
        }
        outputs.stream()
                .collect(Collectors.groupingBy(Output::field, Collectors.counting()))
                .forEach((field, times) -> {
                    if (times > MAX_REPEATS) {
                        throw invalid("'select' has column '" + field.name() + "' " + times + " times; the most is "
                                + MAX_REPEATS + ".");
                    }
                });
        if (outputs.size() > MAX_OUTPUTS) {
            throw invalid("'select' has more than " + MAX_OUTPUTS + " columns.");
        }
        return outputs;
    }

    private List<SortKey> order(String order) {
        List<SortKey> keys = new ArrayList<>();
        for (String item : order.split(",", -1)) {
            String[] parts = item.strip().split("\\.", -1);
            boolean descending = false;
            Boolean nullsFirst = null;
            for (int i = 1; i < parts.length; i++) {
                switch (parts[i]) {
                    case "asc" -> descending = false;
                    case "desc" -> descending = true;
                    case "nullsfirst" -> nullsFirst = true;
                    case "nullslast" -> nullsFirst = false;
                    default -> throw invalid("'order' cannot be by '" + parts[i] + "'.");
                }
            }
            keys.add(new SortKey(relation.field(parts[0]), descending, nullsFirst));
        }
        return keys;
    }

    private static Filter filter(Field field, String text) {
        if (text.indexOf('\0') >= 0) {
            throw invalid("A value has a NUL character.");
        }
        int dot = text.indexOf('.');
        if (dot < 0) {
            throw invalid("The filter on '" + field.name() + "' has no operator: '" + text + "'.");
        }
        String name = text.substring(0, dot);
        String value = text.substring(dot + 1);
        if (name.equals("not")) {
            if (value.startsWith("not.")) {
                throw invalid("'not' stands once.");
            }
            return new Filter.Not(filter(field, value));
        }
        Operator operator = Operator.named(name);
        if (operator != null) {
            return new Filter.Compare(field, operator, value);
        }
        return switch (name) {
            case "is" -> new Filter.Is(field, truth(field, value));
            case "in" -> new Filter.In(field, ListParser.parse(value));
            default -> throw invalid("There is no operator '" + name + "'.");
        };
    }

    private static Truth truth(Field field, String value) {
        for (Truth truth : Truth.values()) {
            if (truth.name().toLowerCase(Locale.ROOT).equals(value)) {
                boolean ofBoolean = truth != Truth.NULL && truth != Truth.NOT_NULL;
                if (ofBoolean && !field.type().sqlType().equals("boolean")) {
                    throw invalid("'" + field.name() + "' is not boolean, so it is never " + value + ".");
                }
                return truth;
            }
        }
        throw invalid("'is' cannot be followed by '" + value + "'.");
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.QUERY_INVALID, detail);
    }
}
