package dev.sluice.query;

/** What a query yields, a row after the other. For one thread at a time. */
sealed interface RowStream extends AutoCloseable permits PageRows, ExportRows {
    /**
     * Goes to the next row; false behind the last one.
     *
     * @throws dev.sluice.platform.problem.ProblemException {@code QUERY_TOO_SLOW} and others
     */
    boolean next();

    /** The text of the row, from index 0; its own until {@link #next()}. */
    byte[] text();

    /** Bytes of that text. */
    int length();

    /** The number of the row; 0 if it is a group. */
    long number();

    /** How many rows there are in all; {@code null} if only the end will show it. */
    Long count();

    /** The number of the last row there will be, if the page is full; {@code null} if it is not, or that is not known. */
    Long last();

    @Override
    void close();
}
