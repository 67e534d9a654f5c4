package dev.sluice.table.copy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing, reused buffer of rows in the binary format of {@code COPY} (PostgreSQL manual, COPY, "Binary Format"): big
 * endian, each field behind its length. Owned by one thread; {@link #bytes()} holds until the next write.
 */
public final class CopyBuffer {
    /** The greatest scale of a {@code numeric} that is given as an integer. */
    public static final int MAX_SCALE = 16;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final int MOST_KEPT = 1024 * 1024;

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int NUMERIC_NEGATIVE = 0x4000;
    private static final int NUMERIC_GROUP = 4;
    private static final int GROUP_BASE = 10_000;
    private static final long[] POWERS = new long[MAX_SCALE + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private byte[] bytes;
    private int length;

    public CopyBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** Forgets everything, and the room that a long row took. */
    public void clear() {
        length = 0;
        if (bytes.length > MOST_KEPT) {
            bytes = new byte[MOST_KEPT];
        }
    }

    /** Forgets everything behind the first {@code length} bytes. */
    public void truncate(int length) {
        this.length = length;
    }

    public void header() {
        raw(SIGNATURE, 0, SIGNATURE.length);
        int at = extend(8);
        LONG.set(bytes, at, 0L); // flags, and the length of the header's extension
    }

    public void trailer() {
        beginRow(-1);
    }

    public void beginRow(int fields) {
        int at = extend(2);
        SHORT.set(bytes, at, (short) fields);
    }

    public void nullField() {
        int at = extend(4);
        INT.set(bytes, at, -1);
    }

    public void bool(boolean value) {
        int at = extend(5);
        INT.set(bytes, at, 1);
        bytes[at + 4] = (byte) (value ? 1 : 0);
    }

    public void int4(int value) {
        int at = extend(8);
        INT.set(bytes, at, 4);
        INT.set(bytes, at + 4, value);
    }

    public void int8(long value) {
        int at = extend(12);
        INT.set(bytes, at, 8);
        LONG.set(bytes, at + 4, value);
    }

    public void uuid(long high, long low) {
        int at = extend(20);
        INT.set(bytes, at, 16);
        LONG.set(bytes, at + 4, high);
        LONG.set(bytes, at + 12, low);
    }

    /** Text, or anything else whose bytes go as they are. */
    public void text(byte[] source, int offset, int len) {
        int at = extend(4);
        INT.set(bytes, at, len);
        raw(source, offset, len);
    }

    /**
     * A {@code numeric}: digits in groups of four, aligned to the decimal point. PostgreSQL strips zero groups itself.
     *
     * @param unscaled all digits as an integer of at most 18
     * @param scale how many of them stand behind the point, at most {@link #MAX_SCALE}
     */
    public void numeric(long unscaled, int scale) {
        long digits = Math.abs(unscaled);
        long power = POWERS[scale];
        long whole = digits / power;
        int fractionGroups = (scale + NUMERIC_GROUP - 1) / NUMERIC_GROUP;
        long fraction = (digits - whole * power) * POWERS[fractionGroups * NUMERIC_GROUP - scale];
        int wholeGroups = groups(whole);
        int at = beginNumeric(unscaled < 0, wholeGroups, fractionGroups, scale);
        putGroups(at, whole, wholeGroups);
        putGroups(at + 2 * wholeGroups, fraction, fractionGroups);
    }

    private static int groups(long whole) {
        int groups = 0;
        for (long rest = whole; rest > 0; rest /= GROUP_BASE) {
            groups++;
        }
        return groups;
    }

    private void putGroups(int at, long value, int groups) {
        long rest = value;
        for (int i = groups - 1; i >= 0; i--) {
            long higher = rest / GROUP_BASE;
            SHORT.set(bytes, at + 2 * i, (short) (rest - higher * GROUP_BASE));
            rest = higher;
        }
    }

    /** A {@code numeric} of any length: {@code source} holds {@code -?[0-9]*(\\.[0-9]+)?} in ASCII from {@code from} to {@code to}. */
    public void numeric(byte[] source, int from, int to) {
        boolean negative = source[from] == '-';
        int whole = negative ? from + 1 : from;
        int point = whole;
        while (point < to && source[point] != '.') {
            point++;
        }
        int fraction = Math.min(to, point + 1);
        int wholeGroups = (point - whole + NUMERIC_GROUP - 1) / NUMERIC_GROUP;
        int fractionGroups = (to - fraction + NUMERIC_GROUP - 1) / NUMERIC_GROUP;
        int at = beginNumeric(negative, wholeGroups, fractionGroups, to - fraction);
        for (int group = point - wholeGroups * NUMERIC_GROUP; group < point; group += NUMERIC_GROUP) {
            at = putGroup(at, source, Math.max(whole, group), group + NUMERIC_GROUP, point);
        }
        for (int group = fraction; group < to; group += NUMERIC_GROUP) {
            at = putGroup(at, source, group, group + NUMERIC_GROUP, to);
        }
    }

    /** The digits of one group; zeros in place of those behind {@code end}. */
    private int putGroup(int at, byte[] source, int from, int to, int end) {
        int value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + (i < end ? source[i] - '0' : 0);
        }
        SHORT.set(bytes, at, (short) value);
        return at + 2;
    }

    private int beginNumeric(boolean negative, int wholeGroups, int fractionGroups, int scale) {
        int groups = wholeGroups + fractionGroups;
        int at = extend(12 + 2 * groups);
        INT.set(bytes, at, 8 + 2 * groups);
        SHORT.set(bytes, at + 4, (short) groups);
        SHORT.set(bytes, at + 6, (short) (wholeGroups - 1));
        SHORT.set(bytes, at + 8, (short) (negative ? NUMERIC_NEGATIVE : 0));
        SHORT.set(bytes, at + 10, (short) scale);
        return at + 12;
    }

    /** The length of the field at {@code at}, -1 for NULL; the field's bytes follow. */
    int fieldLength(int at) {
        return (int) INT.get(bytes, at);
    }

    int shortAt(int at) {
        return (short) SHORT.get(bytes, at);
    }

    private void raw(byte[] source, int offset, int len) {
        int at = extend(len);
        System.arraycopy(source, offset, bytes, at, len);
    }

    private int extend(int by) {
        int at = length;
        length = Math.addExact(at, by);
        if (length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length, bytes.length * 2));
        }
        return at;
    }
}
