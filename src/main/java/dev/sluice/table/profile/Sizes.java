package dev.sluice.table.profile;

/**
 * How much is kept of each column: less in a table of many, so that a profile of any table takes some 20 MB at most while it
 * is taken.
 *
 * @param frequent the length of the table of frequent values, a power of two: three quarters of it can be counted, and then
 *     counts may be too high by 3.5 / length of all values
 * @param text the bytes kept of a frequent value's text
 * @param lgRegisters of HyperLogLog: the standard error of distinct values is 1.04 / sqrt(2^lgRegisters)
 * @param k of KLL
 */
record Sizes(int frequent, int text, int lgRegisters, int k) {
    private static final int MOST_FREQUENT = 64 * 1024;
    private static final int MOST_TEXT = 4 * 1024 * 1024;
    private static final int MANY_COLUMNS = 400;

    static Sizes of(int columns) {
        int frequent = Math.clamp(Integer.highestOneBit(MOST_FREQUENT / Math.max(1, columns)), 32, 512);
        int text = Math.clamp(MOST_TEXT / Math.max(1, columns) / frequent, 64, 1024);
        return columns <= MANY_COLUMNS ? new Sizes(frequent, text, 12, 200) : new Sizes(frequent, text, 10, 100);
    }
}
