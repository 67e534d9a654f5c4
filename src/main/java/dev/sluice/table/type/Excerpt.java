package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Texts of a source as the catalog shows them: however long a cell is, it keeps little of it. */
public final class Excerpt {
    /** So many characters are kept; what is longer ends in an ellipsis. */
    public static final int MAX = 200;

    /** More bytes than so many characters have. */
    private static final int MAX_BYTES = 4 * MAX + 4;

    private Excerpt() {}

    /** A text in UTF-8, shortened if need be. */
    public static String of(byte[] b, int off, int len) {
        return of(new String(b, off, Math.min(len, MAX_BYTES), UTF_8));
    }

    /** The text, shortened if need be; {@code null} for {@code null}. */
    public static String of(String text) {
        if (text == null || text.length() <= MAX) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX - 1)) ? MAX - 1 : MAX;
        return text.substring(0, end) + "…";
    }
}
