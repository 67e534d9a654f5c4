package dev.sluice.table.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.table.type.CellParser;
import dev.sluice.table.type.Excerpt;
import java.util.Arrays;

/**
 * How many cells of a column are NULL, and the texts of its least and greatest values. Texts that agree in their first
 * {@link #MAX_KEPT} bytes count as equal. Owned by one thread.
 */
public final class ColumnFacts {
    /** Bytes kept of a value: all of a number's, more of a text's than is ever shown. */
    static final int MAX_KEPT = 1024;

    private long nulls;
    private long count;
    private final Extreme min = new Extreme();
    private final Extreme max = new Extreme();

    public void addNull() {
        nulls++;
    }

    /** Counts the value that {@code parser} holds, whose text is the cell given. */
    public void add(CellParser parser, byte[] bytes, int off, int length) {
        int len = Math.min(length, MAX_KEPT);
        long key = parser.orderKey();
        if (count++ == 0) {
            min.set(key, bytes, off, len);
            max.set(key, bytes, off, len);
            return;
        }
        if (key <= min.key && (key < min.key || parser.compareTied(min.text, min.length, bytes, off, len) > 0)) {
            min.set(key, bytes, off, len);
        }
        if (key >= max.key && (key > max.key || parser.compareTied(max.text, max.length, bytes, off, len) < 0)) {
            max.set(key, bytes, off, len);
        }
    }

    public long nulls() {
        return nulls;
    }

    /** The least value's text as an {@link Excerpt}; {@code null} if there is no value. */
    public String min() {
        return count == 0 ? null : min.toString();
    }

    /** The greatest value's text as an {@link Excerpt}; {@code null} if there is no value. */
    public String max() {
        return count == 0 ? null : max.toString();
    }

    private static final class Extreme {
        private long key;
        private byte[] text = new byte[32];
        private int length;

        void set(long key, byte[] bytes, int off, int len) {
            this.key = key;
            if (text.length < len) {
                text = new byte[Math.max(len, text.length * 2)];
            }
            System.arraycopy(bytes, off, text, 0, len);
            length = len;
        }

        @Override
        public String toString() {
            return Excerpt.of(new String(Arrays.copyOf(text, length), UTF_8));
        }
    }
}
