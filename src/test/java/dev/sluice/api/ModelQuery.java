package dev.sluice.api;

import dev.sluice.api.ModelRow.Column;
import dev.sluice.api.ModelRow.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** A query as a client writes it, and what it means. */
record ModelQuery(
        List<Parameter> parameters,
        List<ModelCondition> conditions,
        Comparator<ModelRow> order,
        int offset,
        int limit) {
    record Parameter(String name, String value) {}

    static ModelQuery random(Random random) {
        List<Parameter> parameters = new ArrayList<>(List.of(new Parameter("select", "id")));
        List<ModelCondition> conditions = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            ModelCondition condition = ModelCondition.random(random, 3);
            conditions.add(condition);
            parameters.add(condition.parameter());
        }
        Comparator<ModelRow> order = order(random, parameters);
        int offset = random.nextInt(4) == 0 ? random.nextInt(20) : 0;
        int limit = random.nextInt(4) == 0 ? random.nextInt(20) : Integer.MAX_VALUE;
        if (offset > 0) {
            parameters.add(new Parameter("offset", Integer.toString(offset)));
        }
        if (limit < Integer.MAX_VALUE) {
            parameters.add(new Parameter("limit", Integer.toString(limit)));
        }
        return new ModelQuery(parameters, conditions, order, offset, limit);
    }

    private static Comparator<ModelRow> order(Random random, List<Parameter> parameters) {
        Comparator<ModelRow> order = (_, _) -> 0;
        List<String> keys = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            Column column = ModelRow.COLUMNS.get(random.nextInt(ModelRow.COLUMNS.size()));
            if (column.kind() == Kind.TEXT) {
                continue; // its order is the collation's
            }
            boolean descending = random.nextBoolean();
            boolean nullsFirst = random.nextInt(3) == 0 ? !descending : descending;
            order = order.thenComparing(key(column, descending, nullsFirst));
            String nulls = nullsFirst == descending ? "" : nullsFirst ? ".nullsfirst" : ".nullslast";
            keys.add(column.name() + (descending ? ".desc" : random.nextBoolean() ? ".asc" : "") + nulls);
        }
        if (!keys.isEmpty()) {
            parameters.add(new Parameter("order", String.join(",", keys)));
        }
        return order.thenComparingLong(ModelRow::id);
    }

    @SuppressWarnings("unchecked")
    private static Comparator<ModelRow> key(Column column, boolean descending, boolean nullsFirst) {
        Comparator<Object> values = (a, b) -> ((Comparable<Object>) a).compareTo(b);
        Comparator<Object> directed = descending ? values.reversed() : values;
        return Comparator.comparing(
                row -> row.cell(column), nullsFirst ? Comparator.nullsFirst(directed) : Comparator.nullsLast(directed));
    }

    List<ModelRow> answer(List<ModelRow> rows) {
        return rows.stream()
                .filter(row -> conditions.stream()
                        .allMatch(c -> Boolean.TRUE.equals(c.law().of(row))))
                .sorted(order)
                .skip(offset)
                .limit(limit)
                .toList();
    }

    @Override
    public String toString() {
        return parameters.toString();
    }
}
