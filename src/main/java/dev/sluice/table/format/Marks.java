package dev.sluice.table.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Finds the bytes that mean something in a dialect, eight at a time (SWAR; the test for a zero byte is Mycroft's, 1987: its
 * lowest hit is exact). Reads up to {@link #PADDING} bytes behind the end of what it searches.
 */
final class Marks {
    /** So many bytes more than it holds a buffer must have. */
    static final int PADDING = Long.BYTES;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long LINE_FEEDS = '\n' * ONES;
    private static final long CARRIAGE_RETURNS = '\r' * ONES;

    private final long delimiters;
    private final long quotes;

    Marks(Dialect dialect) {
        delimiters = (dialect.delimiter() & 0xFF) * ONES;
        quotes = (dialect.quote() & 0xFF) * ONES;
    }

    /** The index of the next delimiter, quote or end of a line; {@code to} if there is none. */
    int next(byte[] b, int from, int to) {
        for (int i = from; i < to; i += Long.BYTES) {
            long word = (long) LONG.get(b, i);
            long hits = zeros(word ^ delimiters)
                    | zeros(word ^ LINE_FEEDS)
                    | zeros(word ^ CARRIAGE_RETURNS)
                    | zeros(word ^ quotes);
            if (hits != 0) {
                return Math.min(to, i + first(hits));
            }
        }
        return to;
    }

    /** The index of the next quote; {@code to} if there is none. */
    int nextQuote(byte[] b, int from, int to) {
        for (int i = from; i < to; i += Long.BYTES) {
            long hits = zeros((long) LONG.get(b, i) ^ quotes);
            if (hits != 0) {
                return Math.min(to, i + first(hits));
            }
        }
        return to;
    }

    private static long zeros(long word) {
        return word - ONES & ~word & HIGH_BITS;
    }

    private static int first(long hits) {
        return Long.numberOfTrailingZeros(hits) / Byte.SIZE;
    }
}
