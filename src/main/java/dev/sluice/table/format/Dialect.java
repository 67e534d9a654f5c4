package dev.sluice.table.format;

/**
 * How a delimited text is written.
 *
 * @param delimiter between fields, an ASCII character
 * @param quote around fields, an ASCII character, doubled inside them (RFC 4180)
 */
public record Dialect(byte delimiter, byte quote) {
    public static final byte DEFAULT_QUOTE = '"';

    public static final Dialect RFC_4180 = new Dialect((byte) ',', DEFAULT_QUOTE);

    public Dialect {
        if (delimiter == quote || !usable(delimiter) || !usable(quote)) {
            throw new IllegalArgumentException("delimiter and quote must be two printable ASCII characters or a tab");
        }
    }

    private static boolean usable(byte c) {
        return c == '\t' || c >= ' ' && c < 0x7F;
    }
}
