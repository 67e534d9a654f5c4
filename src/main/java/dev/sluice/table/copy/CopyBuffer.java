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
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int NUMERIC_NEGATIVE = 0x4000;
    private static final int NUMERIC_GROUP = 4;

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

    public void float8(double value) {
        int8(Double.doubleToRawLongBits(value));
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
     * @param source holds {@code wholeDigits} ASCII digits from {@code whole} and {@code scale} from {@code fraction}
     */
    public void numeric(boolean negative, byte[] source, int whole, int wholeDigits, int fraction, int scale) {
        int wholeGroups = (wholeDigits + NUMERIC_GROUP - 1) / NUMERIC_GROUP;
        int fractionGroups = (scale + NUMERIC_GROUP - 1) / NUMERIC_GROUP;
        int groups = wholeGroups + fractionGroups;
        int at = extend(12 + 2 * groups);
        INT.set(bytes, at, 8 + 2 * groups);
        SHORT.set(bytes, at + 4, (short) groups);
        SHORT.set(bytes, at + 6, (short) (wholeGroups - 1));
        SHORT.set(bytes, at + 8, (short) (negative ? NUMERIC_NEGATIVE : 0));
        SHORT.set(bytes, at + 10, (short) scale);
        at += 12;
        int digit = whole;
        int end = whole + wholeDigits;
        int group = wholeDigits - (wholeGroups - 1) * NUMERIC_GROUP; // digits in the first, possibly short, group
        while (digit < end) {
            int value = 0;
            for (int i = 0; i < group; i++) {
                value = value * 10 + source[digit++] - '0';
            }
            SHORT.set(bytes, at, (short) value);
            at += 2;
            group = NUMERIC_GROUP;
        }
        digit = fraction;
        end = fraction + scale;
        while (digit < end) {
            int value = 0;
            for (int i = 0; i < NUMERIC_GROUP; i++) {
                value = value * 10 + (digit < end ? source[digit] - '0' : 0);
                digit++;
            }
            SHORT.set(bytes, at, (short) value);
            at += 2;
        }
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
