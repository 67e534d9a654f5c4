package dev.sluice.table.profile;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What is known of texts. Lengths are in characters (Unicode code points), as PostgreSQL's {@code length} counts them. */
final class TextFacts {
    private static final byte CONTINUATION = (byte) 0xC0; // bytes below it, as signed, are not the first of a character
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080808080808080L;

    private long empty;
    private long leadingSpace;
    private long trailingSpace;
    private long characters;
    private int minLength = Integer.MAX_VALUE;
    private int maxLength;

    /** Adds a text in UTF-8 that occurs {@code times} times. */
    void add(byte[] b, int from, int to, long times) {
        int length = length(b, from, to);
        characters += length * times;
        minLength = Math.min(minLength, length);
        maxLength = Math.max(maxLength, length);
        if (length == 0) {
            empty += times;
            return;
        }
        if (isSpace(b, from, to)) {
            leadingSpace += times;
        }
        int last = to - 1;
        while (b[last] < CONTINUATION) {
            last--;
        }
        if (isSpace(b, last, to)) {
            trailingSpace += times;
        }
    }

    private static int length(byte[] b, int from, int to) {
        int length = to - from;
        int i = from;
        for (; i + Long.BYTES <= to; i += Long.BYTES) {
            long word = (long) LONG.get(b, i);
            length -= Long.bitCount(word & ~(word << 1) & HIGH_BITS); // bytes that begin with 10
        }
        for (; i < to; i++) {
            length -= b[i] < CONTINUATION ? 1 : 0;
        }
        return length;
    }

    /** Whether the character that begins there is white space, be it Unicode's or one that keeps lines together. */
    private static boolean isSpace(byte[] b, int at, int to) {
        if (b[at] >= 0) {
            return Character.isWhitespace(b[at]);
        }
        if (at + 2 >= to && at + 1 >= to) {
            return false;
        }
        int c = b[at] & 0xFF;
        int codePoint = switch (c >> 4) {
            case 0xC, 0xD -> (c & 0x1F) << 6 | b[at + 1] & 0x3F;
            case 0xE -> (c & 0x0F) << 12 | (b[at + 1] & 0x3F) << 6 | b[at + 2] & 0x3F;
            default -> 0; // no white space takes four bytes
        };
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
    }

    void merge(TextFacts other) {
        empty += other.empty;
        leadingSpace += other.leadingSpace;
        trailingSpace += other.trailingSpace;
        characters += other.characters;
        minLength = Math.min(minLength, other.minLength);
        maxLength = Math.max(maxLength, other.maxLength);
    }

    /** @param count of all texts; at least 1 */
    ColumnProfile.Texts of(long count) {
        return new ColumnProfile.Texts(
                empty, minLength, (double) characters / count, maxLength, leadingSpace, trailingSpace);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(empty);
        out.writeLong(leadingSpace);
        out.writeLong(trailingSpace);
        out.writeLong(characters);
        out.writeInt(minLength);
        out.writeInt(maxLength);
    }

    static TextFacts read(DataInput in) throws IOException {
        TextFacts facts = new TextFacts();
        facts.empty = in.readLong();
        facts.leadingSpace = in.readLong();
        facts.trailingSpace = in.readLong();
        facts.characters = in.readLong();
        facts.minLength = in.readInt();
        facts.maxLength = in.readInt();
        return facts;
    }
}
