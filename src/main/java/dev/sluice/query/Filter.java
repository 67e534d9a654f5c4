package dev.sluice.query;

import java.util.List;
import java.util.Set;

/** A condition on rows. */
sealed interface Filter {
    Set<Operator> RANGES = Set.of(Operator.EQ, Operator.GT, Operator.GTE, Operator.LT, Operator.LTE);

    /** @param quantifier of the values in an array that {@code value} is then; {@code null} if it is one value */
    record Compare(Operand operand, Operator operator, Quantifier quantifier, String value) implements Filter {}

    record Is(Operand operand, Truth truth) implements Filter {}

    /** Matches no row if there are no values. */
    record In(Operand operand, List<String> values) implements Filter {}

    /** @param configuration of text search; {@code null} for the database's default */
    record Search(Operand operand, SearchQuery query, String configuration, String value) implements Filter {}

    record Not(Filter negated) implements Filter {}

    /** At least one. */
    record And(List<Filter> all) implements Filter {}

    /** At least one. */
    record Or(List<Filter> any) implements Filter {}

    /** Whether it is a range of rows by their numbers. */
    default boolean isOfNumber() {
        return this instanceof Compare compare
                && compare.operand.equals(Operand.of(Field.ROW))
                && RANGES.contains(compare.operator);
    }

    /** Whether a regular expression is in it. */
    default boolean hasPattern() {
        return switch (this) {
            case Compare compare -> compare.operator.takesPattern();
            case Is _, In _, Search _ -> false;
            case Not(Filter negated) -> negated.hasPattern();
            case And(List<Filter> all) -> all.stream().anyMatch(Filter::hasPattern);
            case Or(List<Filter> any) -> any.stream().anyMatch(Filter::hasPattern);
        };
    }

    /** How many of an array's values have to compare so. */
    enum Quantifier {
        ANY,
        ALL
    }

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

    /** PostgreSQL's ways to read what is searched for. */
    enum SearchQuery {
        FTS("to_tsquery"),
        PLFTS("plainto_tsquery"),
        PHFTS("phraseto_tsquery"),
        WFTS("websearch_to_tsquery");

        private final String function;

        SearchQuery(String function) {
            this.function = function;
        }

        String function() {
            return function;
        }
    }
}
