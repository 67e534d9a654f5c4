package dev.sluice.query;

import java.util.Locale;

/** The operators that compare a column with one value. */
enum Operator {
    EQ("="),
    NEQ("<>"),
    GT(">"),
    GTE(">="),
    LT("<"),
    LTE("<=");

    private final String sql;

    Operator(String sql) {
        this.sql = sql;
    }

    String sql() {
        return sql;
    }

    /** The operator of that name in the dialect; {@code null} if there is none. */
    static Operator named(String name) {
        for (Operator operator : values()) {
            if (operator.name().toLowerCase(Locale.ROOT).equals(name)) {
                return operator;
            }
        }
        return null;
    }
}
