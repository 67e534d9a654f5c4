package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The one way in which a typed column writes NULL: an empty cell, a quoted empty cell, or one of a few words. */
final class NullToken {
    static final NullToken EMPTY = new NullToken(null);
    static final NullToken QUOTED_EMPTY = new NullToken("");

    private static final List<NullToken> WORDS = Stream.of(
                    "NA", "N/A", "n/a", "#N/A", "NULL", "Null", "null", "None", "none", "NaN", "nan", "\\N", "-", "--",
                    ".", "?")
            .map(NullToken::new)
            .toList();
    private static final int LONGEST_WORD = 4;

    private final String text;
    private final byte[] bytes;

    private NullToken(String text) {
        this.text = text;
        this.bytes = text == null ? new byte[0] : text.getBytes(UTF_8);
    }

    /** The token that a cell is; {@code null} if it is none. Equal cells give the same object. */
    static NullToken of(byte[] b, int off, int len, boolean quoted) {
        if (len == 0) {
            return quoted ? QUOTED_EMPTY : EMPTY;
        }
        if (quoted || len > LONGEST_WORD) {
            return null;
        }
        for (NullToken word : WORDS) {
            if (Arrays.equals(word.bytes, 0, word.bytes.length, b, off, off + len)) {
                return word;
            }
        }
        return null;
    }

    /** As the catalog keeps it: {@code null} for the empty cell, empty for the quoted empty cell, else the word. */
    String text() {
        return text;
    }
}
