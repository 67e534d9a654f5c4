package dev.sluice.table.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks that a stream of bytes is UTF-8 (RFC 3629: no overlong forms, no surrogates) without NUL, which PostgreSQL
 * cannot store. Remembers a character cut by the end of a buffer.
 */
final class Utf8Validator {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long ONES = 0x0101010101010101L;

    /** Bytes of a character that were seen, those still to come, and the range of the next one. */
    private int seen;

    private int missing;

    private int least;
    private int most;

    /**
     * The index of the first byte that begins no character, or -1. It may lie before {@code from}, where a character began
     * that does not go on.
     */
    int validate(byte[] b, int from, int to) {
        int i = from;
        while (i < to) {
            if (missing == 0) {
                i = skipAscii(b, i, to);
                if (i == to) {
                    return -1;
                }
                if (!lead(b[i])) {
                    return i;
                }
            } else {
                int c = b[i] & 0xFF;
                if (c < least || c > most) {
                    return i - seen;
                }
                seen++;
                missing--;
                least = 0x80;
                most = 0xBF;
            }
            i++;
        }
        return -1;
    }

    /** Bytes of a character that the bytes so far begin and do not end. */
    int pending() {
        return missing > 0 ? seen : 0;
    }

    private static int skipAscii(byte[] b, int from, int to) {
        int i = from;
        while (i + 4 * Long.BYTES <= to) {
            long marks = oddities(b, i)
                    | oddities(b, i + Long.BYTES)
                    | oddities(b, i + 2 * Long.BYTES)
                    | oddities(b, i + 3 * Long.BYTES);
            if ((marks & HIGH_BITS) != 0) {
                break;
            }
            i += 4 * Long.BYTES;
        }
        while (i + Long.BYTES <= to && (oddities(b, i) & HIGH_BITS) == 0) {
            i += Long.BYTES;
        }
        while (i < to && b[i] > 0) {
            i++;
        }
        return i;
    }

    /** Has the high bit of some of eight bytes set if one of them is NUL or not ASCII: less one, NUL and all above 0x80 have it. */
    private static long oddities(byte[] b, int at) {
        long word = (long) LONG.get(b, at);
        return word | word - ONES;
    }

    /** Takes the first byte of a character that is not ASCII; false for a NUL and whatever cannot begin one. */
    private boolean lead(byte first) {
        int c = first & 0xFF;
        seen = 1;
        least = 0x80;
        most = 0xBF;
        if (c >= 0xC2 && c <= 0xDF) {
            missing = 1;
        } else if (c >= 0xE0 && c <= 0xEF) {
            missing = 2;
            least = c == 0xE0 ? 0xA0 : 0x80;
            most = c == 0xED ? 0x9F : 0xBF;
        } else if (c >= 0xF0 && c <= 0xF4) {
            missing = 3;
            least = c == 0xF0 ? 0x90 : 0x80;
            most = c == 0xF4 ? 0x8F : 0xBF;
        } else {
            return false;
        }
        return true;
    }
}
