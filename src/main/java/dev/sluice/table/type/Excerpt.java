package dev.sluice.table.type;

/** Texts of a source as the catalog shows them: however long a cell is, it keeps little of it. */
public final class Excerpt {
    /** So many characters are kept; what is longer ends in an ellipsis. */
    public static final int MAX = 200;

    private Excerpt() {}

    /** The text, shortened if need be; {@code null} for {@code null}. */
    public static String of(String text) {
        if (text == null || text.length() <= MAX) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX - 1)) ? MAX - 1 : MAX;
        return text.substring(0, end) + "…";
    }
}
