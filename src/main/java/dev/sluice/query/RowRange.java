package dev.sluice.query;

import dev.sluice.platform.problem.ErrorCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which rows of all are asked for, or are answered.
 *
 * @param from the first, counted from 0
 * @param to the last; absent for all that follow
 */
record RowRange(long from, Long to) {
    static final String CONTENT_RANGE = "Content-Range";

    private static final Pattern HEADER = Pattern.compile("(?:items=)?(\\d{1,18})-(\\d{0,18})");
    private static final RowRange ALL = new RowRange(0, null);

    /**
     * Reads the header Range; what is none of rows is ignored.
     *
     * @throws QueryException {@code RANGE_INVALID}
     */
    static RowRange of(String header) {
        if (header == null) {
            return ALL;
        }
        Matcher range = HEADER.matcher(header.strip());
        if (!range.matches()) {
            return ALL;
        }
        long from = Long.parseLong(range.group(1));
        Long to = range.group(2).isEmpty() ? null : Long.valueOf(range.group(2));
        if (to != null && to < from) {
            throw unsatisfiable(
                    "The lower boundary must be lower than or equal to the upper boundary in the Range header.");
        }
        return new RowRange(from, to);
    }

    /** A query for those of its rows that are in here too. */
    RowsQuery of(RowsQuery query) {
        long first = Math.max(from, query.offset());
        Long last = query.limit() == null ? null : Long.valueOf(query.offset() + query.limit() - 1);
        if (to != null && (last == null || to < last)) {
            last = to;
        }
        boolean disjoint = last != null && last < first && (query.limit() == null || query.limit() > 0);
        if (disjoint) {
            throw unsatisfiable("The header Range and offset and limit have no row in common.");
        }
        return query.within(last == null ? null : Long.valueOf(Math.max(0, last - first + 1)), first);
    }

    /**
     * The header Content-Range of an answer.
     *
     * @param rows of the answer
     * @param total rows there are; {@code null} if that is not known
     */
    static String contentRange(long offset, long rows, Long total) {
        return (rows == 0 ? "*" : offset + "-" + (offset + rows - 1)) + "/" + (total == null ? "*" : total);
    }

    static QueryException unsatisfiable(String details) {
        return new QueryException(
                ErrorCode.RANGE_INVALID, "PGRST103", "Requested range not satisfiable", details, null);
    }
}
