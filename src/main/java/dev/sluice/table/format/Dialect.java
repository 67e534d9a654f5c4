package dev.sluice.table.format;

/**
 * How a delimited text is written.
 *
 * @param delimiter between fields, an ASCII character
 * @param quote around fields, an ASCII character, doubled inside them (RFC 4180); {@link #NO_QUOTE} if there is none
 * @param header whether the first record has the labels of the columns
 */
public record Dialect(byte delimiter, byte quote, boolean header) {
    public static final byte DEFAULT_QUOTE = '"';

    /** No text has this byte: every field is what stands between two delimiters. */
    public static final byte NO_QUOTE = 0;

    public static final Dialect RFC_4180 = new Dialect((byte) ',', DEFAULT_QUOTE, true);

    public Dialect {
        if (delimiter == quote || !usable(delimiter) || quote != NO_QUOTE && !usable(quote)) {
            throw new IllegalArgumentException("delimiter and quote must be two printable ASCII characters or a tab");
        }
    }

    private static boolean usable(byte c) {
        return c == '\t' || c >= ' ' && c < 0x7F;
    }
}
