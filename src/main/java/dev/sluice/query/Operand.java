package dev.sluice.query;

import java.util.List;

/**
 * What a condition, an output or a key of the order is about: a column, or a part of one as JSON.
 *
 * @param path from the column's value as {@code jsonb} inwards; empty for the column itself
 */
record Operand(Field field, List<Step> path) {
    /**
     * One step inwards.
     *
     * @param key of an object; a number is the index of an array as well
     * @param asText {@code ->>}, which only the last step is
     */
    record Step(String key, boolean asText) {
        boolean isIndex() {
            return key.matches("-?\\d{1,9}");
        }
    }

    static Operand of(Field field) {
        return new Operand(field, List.of());
    }

    boolean isColumn() {
        return path.isEmpty();
    }

    /** What it is called in an answer unless that says otherwise. */
    String name() {
        for (int i = path.size() - 1; i >= 0; i--) {
            if (!path.get(i).isIndex()) {
                return path.get(i).key();
            }
        }
        return field.name();
    }

    /** The SQL type of its values. */
    String type() {
        if (isColumn()) {
            return field.type().sqlType();
        }
        return path.getLast().asText() ? "text" : "jsonb";
    }

    /** Writes it; what a client wrote of it is bound. */
    String sql(List<Object> values) {
        if (isColumn()) {
            return field.sql();
        }
        StringBuilder sql = new StringBuilder("to_jsonb(" + field.sql() + ")");
        for (Step step : path) {
            sql.append(step.asText() ? " ->> " : " -> ");
            sql.append(step.isIndex() ? "CAST(? AS integer)" : "CAST(? AS text)");
            values.add(step.key());
        }
        return "(" + sql + ")";
    }
}
