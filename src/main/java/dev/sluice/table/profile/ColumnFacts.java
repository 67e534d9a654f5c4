package dev.sluice.table.profile;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.table.type.ColumnVector;
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

    /** Counts the cells of the records from {@code from} up to {@code to}. */
    public void add(ColumnVector cells, int from, int to) {
        for (int r = from; r < to; r++) {
            if (cells.isValue(r)) {
                add(cells, r);
            } else if (cells.isNull(r)) {
                nulls++;
            }
        }
    }

    private void add(ColumnVector cells, int r) {
        long key = cells.orderKey(r);
        if (count++ == 0) {
            min.set(key, cells, r);
            max.set(key, cells, r);
            return;
        }
        if (key <= min.key && (key < min.key || cells.compareTied(min.text, min.length, r) > 0)) {
            min.set(key, cells, r);
        }
        if (key >= max.key && (key > max.key || cells.compareTied(max.text, max.length, r) < 0)) {
            max.set(key, cells, r);
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

        void set(long key, ColumnVector cells, int r) {
            this.key = key;
            int off = cells.start(r);
            int len = Math.min(cells.end(r) - off, MAX_KEPT);
            if (text.length < len) {
                text = new byte[Math.max(len, text.length * 2)];
            }
            System.arraycopy(cells.bytes(), off, text, 0, len);
            length = len;
        }

        @Override
        public String toString() {
            return Excerpt.of(new String(Arrays.copyOf(text, length), UTF_8));
        }
    }
}
