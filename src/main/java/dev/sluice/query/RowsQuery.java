package dev.sluice.query;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is asked of a relation.
 *
 * @param after the number of the row behind which to begin, in this order; may be absent
 * @param limit absent for all rows
 */
record RowsQuery(List<Output> outputs, List<Filter> filters, List<SortKey> order, Long after, Long limit, long offset) {
    private static final Set<Cast> WIDER = Set.of(Cast.NUMERIC, Cast.JSON, Cast.JSONB);

    /** Whether rows are put into groups, of which each is one row of the answer. */
    boolean isGrouped() {
        return outputs.stream().anyMatch(o -> o.aggregate() != null);
    }

    /** Whether the answer has a row for each of the relation. */
    boolean isOfAllRows() {
        return filters.isEmpty() && after == null && !isGrouped();
    }

    /** Whether its rows are found by their numbers alone, which is quick. */
    boolean isByNumber() {
        return !isGrouped()
                && order.isEmpty()
                && offset == 0
                && filters.stream().allMatch(Filter::isOfNumber);
    }

    /** Whether the answer may well have far fewer rows than the relation. */
    boolean mayBeOfFew() {
        return !filters.isEmpty() || isGrouped();
    }

    boolean hasPatterns() {
        return filters.stream().anyMatch(Filter::hasPattern);
    }

    RowsQuery within(Long mostRows, long from) {
        return new RowsQuery(outputs, filters, order, after, mostRows, from);
    }

    /** The same from the first row to the last. */
    RowsQuery whole() {
        return new RowsQuery(outputs, filters, order, null, null, 0);
    }

    /** How many rows it yields of so many that there are without limit and offset. */
    long rowsOf(long total) {
        long left = Math.max(0, total - offset);
        return limit == null ? left : Math.min(left, limit);
    }

    /** More rows than that it does not yield, of a relation that has so many. */
    long mostRows(long all) {
        boolean oneGroup = isGrouped() && outputs.stream().allMatch(o -> o.aggregate() != null);
        long most = oneGroup ? 1 : all;
        return limit == null ? most : Math.min(limit, most);
    }

    /** How often the column, or the aggregate of one, is among outputs that is there most often; at least 1. */
    static long repeats(List<Output> outputs) {
        Map<Values, Long> counts = new HashMap<>();
        long most = 1;
        for (Output output : outputs) {
            if (output.operand() != null) {
                Values values = new Values(output.operand().field(), output.aggregate());
                most = Math.max(most, counts.merge(values, 1L, Long::sum));
            }
        }
        return most;
    }

    /** Whether a value may be far longer in the answer than in the relation: a number with an exponent is written out. */
    boolean widens() {
        return outputs.stream()
                .anyMatch(o -> isWider(o.cast())
                        || isWider(o.resultCast())
                        || o.operand() != null && !o.operand().isColumn());
    }

    private static boolean isWider(Cast cast) {
        return cast != null && WIDER.contains(cast);
    }

    private record Values(Field field, Aggregate aggregate) {}

    /** Whether so many rows may have others behind them that can be asked for by the number of the last one. */
    boolean isFullPage(long rows) {
        return limit != null && limit > 0 && rows == limit && !isGrouped();
    }

    /**
     * A column of the answer.
     *
     * @param operand absent for {@code count()}
     * @param cast of the operand; may be absent
     * @param aggregate of the cast operand; may be absent
     * @param resultCast of the aggregate; may be absent
     * @param alias the name in the answer; absent for its own
     */
    record Output(Operand operand, Cast cast, Aggregate aggregate, Cast resultCast, String alias) {
        static Output of(Field field) {
            return new Output(Operand.of(field), null, null, null, null);
        }

        String name() {
            if (alias != null) {
                return alias;
            }
            return aggregate == null ? operand.name() : aggregate.word();
        }

        /** Its title where the source's own texts are asked for. */
        String label() {
            return alias == null && isColumn() ? operand.field().label() : name();
        }

        /** Whether it is a column as it is. */
        boolean isColumn() {
            return aggregate == null && cast == null && operand.isColumn();
        }
    }

    /** A key of the order. */
    record SortKey(Operand operand, boolean descending, boolean nullsFirst) {}
}
