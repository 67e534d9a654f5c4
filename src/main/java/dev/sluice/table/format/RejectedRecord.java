package dev.sluice.table.format;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A record that was kept out, or a cell of one that was.
 *
 * @param row 1-based record number
 * @param column the SQL name of the cell's column; {@code null} if the whole record was kept out
 * @param raw the source's own text, shortened to at most {@link #MAX_RAW} bytes
 * @param reason a stable word: {@link #TOO_FEW_FIELDS}, …
 * @param hides lines behind the first of the record that look like records of their own, which a quote made part of it
 */
public record RejectedRecord(
        long row,
        String column,
        String raw,
        String reason,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int hides) {
    public static final int MAX_RAW = 1024;

    public static final String TOO_FEW_FIELDS = "too_few_fields";
    public static final String TOO_MANY_FIELDS = "too_many_fields";
    public static final String TEXT_AFTER_QUOTE = "text_after_quote";
    public static final String ROW_TOO_WIDE = "row_too_wide";

    /** Of a cell, in whose place there is NULL. */
    public static final String NOT_OF_TYPE = "not_of_type";

    /** Records that the table lacks for it: none if it is a cell, whose row is there. */
    public int records() {
        return column == null ? 1 + hides : 0;
    }

    static RejectedRecord of(long row, String text, String reason) {
        byte[] b = text.getBytes(UTF_8);
        return of(row, null, b, 0, b.length, reason, 0);
    }

    static RejectedRecord of(long row, String column, byte[] b, int from, int to, String reason, int hides) {
        return new RejectedRecord(row, column, shortened(b, from, to), reason, hides);
    }

    /** A text of at most {@link #MAX_RAW} bytes, cut between two characters. */
    static String shortened(byte[] b, int from, int to) {
        int end = Math.min(to, from + MAX_RAW);
        while (end < to && end > from && (b[end] & 0xC0) == 0x80) {
            end--; // not inside a character
        }
        return new String(b, from, end - from, UTF_8);
    }
}
