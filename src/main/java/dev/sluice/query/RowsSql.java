package dev.sluice.query;

import dev.sluice.query.RowsQuery.Output;
import dev.sluice.query.RowsQuery.SortKey;
import dev.sluice.table.TableColumn;
import dev.sluice.table.type.ColumnType;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A query as SQL: names are the catalog's, or quoted where they are of the answer alone; all else that a client wrote is
 * bound.
 *
 * @param values to bind, as text or {@code Long}
 */
record RowsSql(String sql, List<Object> values) {
    /** The SQLSTATE of a row that is larger than {@link #within} allows: division by zero, which no other query has. */
    static final String TOO_LARGE = "22012";

    private static final String OFFSET = " OFFSET ?";

    /** A row as a JSON object, and its number unless it is a group. */
    static RowsSql json(RowsQuery query, Relation relation, boolean withoutNulls) {
        String object = (withoutNulls ? "json_strip_nulls(row_to_json(r.*))" : "row_to_json(r.*)") + "::text";
        if (!query.isGrouped()) {
            return new Writer(query, relation).objects(object + ", " + Field.ROW.sql());
        }
        RowsSql groups = new Writer(query, relation).rows(Writer::named);
        return new RowsSql("SELECT " + object + " FROM (" + groups.sql + ") AS r", groups.values);
    }

    /** Each output as it is written, or {@code asInSource} as the source wrote it, and the number of the row unless it is a group. */
    static RowsSql fields(RowsQuery query, Relation relation, boolean asInSource) {
        if (!query.isGrouped()) {
            return new Writer(query, relation).numbered((writer, output) -> {
                if (!output.isColumn()) {
                    return writer.value(output) + "::text";
                }
                Field field = output.operand().field();
                if (asInSource) {
                    return field.sourceText();
                }
                // COPY writes other values as their texts, but these as t and f
                return field.type() instanceof ColumnType.Bool ? field.sql() + "::text" : field.sql();
            });
        }
        RowsSql groups = new Writer(query, relation).rows(Writer::named); // made and sorted by values, not by texts
        String texts = query.outputs().stream()
                .map(o -> "r." + TableColumn.quoted(o.name()) + "::text")
                .collect(Collectors.joining(", "));
        return new RowsSql("SELECT " + texts + " FROM (" + groups.sql + ") AS r", groups.values);
    }

    /** One number: how many rows there are without limit and offset. */
    static RowsSql count(RowsQuery query, Relation relation) {
        RowsSql all = new Writer(query.whole(), relation).unordered();
        return new RowsSql("SELECT count(*) FROM (" + all.sql + ") AS r", all.values);
    }

    /** The plan of that, as one JSON document. */
    static RowsSql plan(RowsQuery query, Relation relation) {
        RowsSql all = new Writer(query.whole(), relation).unordered();
        return new RowsSql("EXPLAIN (FORMAT JSON) " + all.sql, all.values);
    }

    /** The number of the last row of a full page; no row if the page is not full. */
    static RowsSql last(RowsQuery query, Relation relation) {
        RowsQuery last = query.within(1L, query.offset() + query.limit() - 1);
        return new Writer(last, relation).numbers();
    }

    /**
     * The same, of which PostgreSQL breaks off at a row that has more bytes.
     *
     * @param columns that are counted
     * @param numbered whether another one comes behind them
     */
    RowsSql within(long rowBytes, int columns, boolean numbered) {
        StringJoiner names = new StringJoiner(", ");
        StringJoiner bytes = new StringJoiner(" + ", "(", ")");
        for (int i = 0; i < columns; i++) {
            names.add("c" + i);
            bytes.add("coalesce(octet_length(CAST(c" + i + " AS text)), 0)");
        }
        // OFFSET keeps PostgreSQL from making each value twice; the error must depend on a row, or it comes of the plan
        return new RowsSql(
                "SELECT * FROM (" + sql + (sql.endsWith(OFFSET) ? "" : " OFFSET 0") + ") AS answer("
                        + names + (numbered ? ", number" : "") + ") WHERE CASE WHEN " + bytes
                        + " <= " + rowBytes + " THEN true ELSE 1 / (" + bytes + " - " + bytes + ") = 1 END",
                values);
    }

    /** The statement with its values bound. */
    PreparedStatement prepared(Connection connection) throws SQLException {
        PreparedStatement prepared = connection.prepareStatement(sql);
        for (int i = 0; i < values.size(); i++) {
            prepared.setObject(i + 1, values.get(i));
        }
        return prepared;
    }

    private interface OutputWriter {
        String write(Writer writer, Output output);
    }

    /** Values are bound in the order in which they are written. */
    private static final class Writer {
        private final RowsQuery query;
        private final Relation relation;
        private final List<Object> values = new ArrayList<>();

        Writer(RowsQuery query, Relation relation) {
            this.query = query;
            this.relation = relation;
        }

        RowsSql rows(OutputWriter output) {
            return ordered(select(output));
        }

        RowsSql numbered(OutputWriter output) {
            return ordered(from(new StringBuilder("SELECT " + outputs(output) + ", " + Field.ROW.sql())));
        }

        RowsSql numbers() {
            return ordered(from(new StringBuilder("SELECT " + Field.ROW.sql())));
        }

        /** Each row as the value {@code r}. */
        RowsSql objects(String select) {
            StringBuilder sql = new StringBuilder("SELECT " + select);
            sql.append(" FROM ").append(relation.from()).append(" AS ").append(Relation.ALIAS);
            sql.append(" CROSS JOIN LATERAL (SELECT ")
                    .append(outputs(Writer::named))
                    .append(") AS r");
            return ordered(where(sql));
        }

        private RowsSql ordered(StringBuilder sql) {
            String order = order();
            if (!order.isEmpty()) {
                sql.append(" ORDER BY ").append(order);
            }
            if (query.limit() != null) {
                sql.append(" LIMIT ?");
                values.add(query.limit());
            }
            if (query.offset() > 0) {
                sql.append(OFFSET);
                values.add(query.offset());
            }
            return new RowsSql(sql.toString(), values);
        }

        RowsSql unordered() {
            return new RowsSql(
                    select(query.isGrouped() ? Writer::named : (_, _) -> "NULL").toString(), values);
        }

        private StringBuilder select(OutputWriter output) {
            StringBuilder sql = from(new StringBuilder("SELECT " + outputs(output)));
            List<Integer> groups = groups();
            if (!groups.isEmpty()) {
                sql.append(" GROUP BY ").append(ordinals(groups));
            }
            return sql;
        }

        private String outputs(OutputWriter output) {
            return query.outputs().stream().map(o -> output.write(this, o)).collect(Collectors.joining(", "));
        }

        private StringBuilder from(StringBuilder sql) {
            return where(
                    sql.append(" FROM ").append(relation.from()).append(" AS ").append(Relation.ALIAS));
        }

        private StringBuilder where(StringBuilder sql) {
            if (!query.filters().isEmpty()) {
                sql.append(" WHERE ").append(joined(query.filters(), " AND "));
            }
            if (query.after() != null) {
                sql.append(query.filters().isEmpty() ? " WHERE " : " AND ")
                        .append("(")
                        .append(after(query.order()))
                        .append(")");
            }
            return sql;
        }

        /**
         * Whether a row comes behind the one of the cursor: by the first key that is not equal, and if all are by its number.
         * Values of a version never change, so the cursor's are read there.
         */
        private String after(List<SortKey> keys) {
            if (keys.isEmpty()) {
                values.add(query.after());
                return Field.ROW.sql() + " > ?";
            }
            SortKey key = keys.getFirst();
            String behind = key.descending() ? " < " : " > ";
            if (key.operand().equals(Operand.of(Field.ROW))) { // no two rows are equal by it
                values.add(query.after());
                return Field.ROW.sql() + behind + "?";
            }
            String nulls = key.nullsFirst() ? " IS NOT NULL AND " : " IS NULL AND ";
            return key.operand().sql(values) + behind + atCursor(key)
                    + " OR (" + key.operand().sql(values) + nulls + atCursor(key)
                    + (key.nullsFirst() ? " IS NULL" : " IS NOT NULL") + ")"
                    + " OR (" + key.operand().sql(values) + " IS NOT DISTINCT FROM " + atCursor(key)
                    + " AND (" + after(keys.subList(1, keys.size())) + "))";
        }

        private String atCursor(SortKey key) {
            String value = "(SELECT " + key.operand().sql(values) + " FROM " + relation.from() + " AS " + Relation.ALIAS
                    + " WHERE " + Field.ROW.sql() + " = ?)";
            values.add(query.after());
            return value;
        }

        private String named(Output output) {
            return value(output) + " AS " + TableColumn.quoted(output.name());
        }

        private String value(Output output) {
            if (output.operand() == null) {
                return cast("count(*)", output.resultCast());
            }
            String operand = cast(output.operand().sql(values), output.cast());
            return output.aggregate() == null
                    ? operand
                    : cast(output.aggregate().word() + "(" + operand + ")", output.resultCast());
        }

        private static String cast(String value, Cast type) {
            return type == null ? value : "CAST(" + value + " AS " + type.sql() + ")";
        }

        /** What rows are grouped by: outputs that are no aggregates, by their positions from 1. */
        private List<Integer> groups() {
            return !query.isGrouped()
                    ? List.of()
                    : IntStream.rangeClosed(1, query.outputs().size())
                            .filter(i -> query.outputs().get(i - 1).aggregate() == null)
                            .boxed()
                            .toList();
        }

        private static String ordinals(List<Integer> positions) {
            return positions.stream().map(String::valueOf).collect(Collectors.joining(", "));
        }

        /** The same for the same version every time: rows that are equal by all keys are in their own order. */
        private String order() {
            List<String> keys = new ArrayList<>();
            query.order().forEach(key -> keys.add(sortKey(key)));
            if (query.isGrouped()) {
                groups().forEach(position -> keys.add(position.toString()));
            } else {
                keys.add(Field.ROW.sql());
            }
            return String.join(", ", keys);
        }

        private String sortKey(SortKey key) {
            return sorted(key.operand())
                    + (key.descending() ? " DESC" : "")
                    + (key.nullsFirst() == key.descending() ? "" : key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST");
        }

        /** Of groups only what they are made by can be said, and what is bound there is another value here. */
        private String sorted(Operand operand) {
            return groups().stream()
                    .filter(i -> {
                        Output output = query.outputs().get(i - 1);
                        return output.operand().equals(operand) && output.cast() == null;
                    })
                    .findFirst()
                    .map(String::valueOf)
                    .orElseGet(() -> operand.sql(values));
        }

        private String joined(List<Filter> filters, String word) {
            return filters.stream().map(f -> "(" + condition(f) + ")").collect(Collectors.joining(word));
        }

        private String condition(Filter filter) {
            return switch (filter) {
                case Filter.Compare compare -> compare(compare);
                case Filter.Is(Operand operand, Filter.Truth truth) -> operand.sql(values) + " IS " + truth.sql();
                case Filter.In(Operand operand, List<String> list) -> {
                    String in = operand.sql(values) + " = ANY (CAST(? AS " + operand.type() + "[]))";
                    values.add(array(list));
                    yield in;
                }
                case Filter.Search search -> search(search);
                case Filter.Not(Filter negated) -> "NOT (" + condition(negated) + ")";
                case Filter.And(List<Filter> all) -> joined(all, " AND ");
                case Filter.Or(List<Filter> any) -> joined(any, " OR ");
            };
        }

        private String compare(Filter.Compare compare) {
            Operator operator = compare.operator();
            String type = operator.takesText() ? "text" : compare.operand().type();
            String left = compare.operand().sql(values);
            values.add(operator.hasWildcards() ? compare.value().replace('*', '%') : compare.value());
            return left + " " + operator.sql() + " "
                    + (compare.quantifier() == null
                            ? "CAST(? AS " + type + ")"
                            : compare.quantifier() + " (CAST(? AS " + type + "[]))");
        }

        private String search(Filter.Search search) {
            String configuration = search.configuration() == null ? "" : "CAST(? AS regconfig), ";
            bindConfiguration(search);
            String document = "to_tsvector(" + configuration + search.operand().sql(values) + ")";
            bindConfiguration(search);
            values.add(search.value());
            return document + " @@ " + search.query().function() + "(" + configuration + "?)";
        }

        private void bindConfiguration(Filter.Search search) {
            if (search.configuration() != null) {
                values.add(search.configuration());
            }
        }

        /** As PostgreSQL reads an array, every element in quotes. */
        private static String array(List<String> list) {
            return list.stream()
                    .map(v -> '"' + v.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                    .collect(Collectors.joining(",", "{", "}"));
        }
    }
}
