package dev.sluice.query;

import dev.sluice.query.RowsQuery.Output;
import dev.sluice.query.RowsQuery.SortKey;
import dev.sluice.table.TableColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A query as SQL.
 *
 * @param values to bind, as text or {@code Long}
 */
record RowsSql(String sql, List<Object> values) {

    /** One column of text a row: the row as a JSON object. */
    static RowsSql json(RowsQuery query, Relation relation) {
        RowsSql rows = select(query, relation, o -> o.field().sql() + " AS " + TableColumn.quoted(o.name()));
        return new RowsSql("SELECT row_to_json(r.*)::text FROM (" + rows.sql + ") AS r", rows.values);
    }

    /** One column of text for each output. */
    static RowsSql text(RowsQuery query, Relation relation) {
        return select(query, relation, o -> o.field().sql() + "::text");
    }

    /** The same, as the source wrote it. */
    static RowsSql source(RowsQuery query, Relation relation) {
        return select(query, relation, o -> o.field().sourceText());
    }

    private static RowsSql select(RowsQuery query, Relation relation, Function<Output, String> output) {
        StringBuilder sql = new StringBuilder("SELECT ");
        List<Object> values = new ArrayList<>();
        sql.append(query.outputs().stream().map(output).collect(Collectors.joining(", ")));
        sql.append(" FROM ").append(relation.from()).append(" AS ").append(Relation.ALIAS);
        String separator = " WHERE ";
        for (Filter filter : query.filters()) {
            sql.append(separator).append(condition(filter, values));
            separator = " AND ";
        }
        sql.append(" ORDER BY ");
        query.order().forEach(key -> sql.append(sortKey(key)).append(", "));
        sql.append(Field.ROW.sql());
        if (query.limit() != null) {
            sql.append(" LIMIT ?");
            values.add(query.limit());
        }
        if (query.offset() > 0) {
            sql.append(" OFFSET ?");
            values.add(query.offset());
        }
        return new RowsSql(sql.toString(), values);
    }

    private static String condition(Filter filter, List<Object> values) {
        return switch (filter) {
            case Filter.Compare(Field field, Operator operator, String value) -> {
                values.add(value);
                yield field.sql() + " " + operator.sql() + " " + parameter(field);
            }
            case Filter.Is(Field field, Filter.Truth truth) -> field.sql() + " IS " + truth.sql();
            case Filter.In(Field field, List<String> list) -> {
                values.addAll(list);
                String parameters = list.stream().map(v -> parameter(field)).collect(Collectors.joining(", "));
                yield list.isEmpty() ? "false" : field.sql() + " IN (" + parameters + ")";
            }
            case Filter.Not(Filter negated) -> "NOT (" + condition(negated, values) + ")";
        };
    }

    private static String parameter(Field field) {
        return "CAST(? AS " + field.type().sqlType() + ")";
    }

    private static String sortKey(SortKey key) {
        String nulls = key.nullsFirst() == null ? "" : key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST";
        return key.field().sql() + (key.descending() ? " DESC" : "") + nulls;
    }
}
