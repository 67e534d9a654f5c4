package dev.sluice.table.format;

/**
 * How a delimited text is to be read, as far as that is said beforehand.
 *
 * @param delimiter an ASCII character; {@code null} to find it out
 * @param quote an ASCII character or {@link Dialect#NO_QUOTE}; {@code null} for the double quote, of which a text with tabs
 *     has to show that it is one
 * @param header what the first record is
 * @param quoteLines the most lines inside of one quoted field that look like records; at least 1
 * @param maxRecord the longest record in bytes, delimiters and quotes included; at least {@link RecordBatch#CAPACITY} count
 */
public record CsvOptions(Byte delimiter, Byte quote, Header header, int quoteLines, int maxRecord) {
    /** A cell with more lines than this, each with as many delimiters as a record, is rare. */
    public static final int DEFAULT_QUOTE_LINES = 100;

    public CsvOptions {
        if (delimiter != null) {
            new Dialect(delimiter, quote == null ? Dialect.DEFAULT_QUOTE : quote, true); // or it throws
        }
    }

    /** Of a text in a known dialect. */
    public static CsvOptions of(Dialect dialect, int maxRecord) {
        Header header = dialect.header() ? Header.PRESENT : Header.ABSENT;
        return new CsvOptions(dialect.delimiter(), dialect.quote(), header, Integer.MAX_VALUE, maxRecord);
    }

    /** Of a text of which nothing is known. */
    public static CsvOptions unknown(int maxRecord) {
        return new CsvOptions(null, null, Header.UNSAID, DEFAULT_QUOTE_LINES, maxRecord);
    }
}
