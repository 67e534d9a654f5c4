package dev.sluice.query;

import java.util.List;

/** A condition on rows. */
sealed interface Filter {
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
