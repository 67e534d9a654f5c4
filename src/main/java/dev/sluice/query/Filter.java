package dev.sluice.query;

import java.util.List;

/** A condition on rows. */
sealed interface Filter {
    record Compare(Field field, Operator operator, String value) implements Filter {}

    record Is(Field field, Truth truth) implements Filter {}

    /** Matches no row if there are no values. */
    record In(Field field, List<String> values) implements Filter {}

    record Not(Filter negated) implements Filter {}

    /** What {@code is} may be followed by. */
    enum Truth {
        NULL,
        NOT_NULL,
        TRUE,
        FALSE,
        UNKNOWN;

        String sql() {
            return name().replace('_', ' ');
        }
    }
}
