package dev.sluice.table.format;

/** What a client says of the first record of its file. */
public enum Header {
    /** Nothing: it is the header, unless it looks like data. */
    UNSAID,
    /** It is the header, even if it looks like data. */
    PRESENT,
    /** It is data: the columns are called {@code column_1}, {@code column_2}, … */
    ABSENT
}
