package dev.sluice.table.type;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Any cell. Ordered as bytes, which is PostgreSQL's {@code C} order. */
final class TextParser extends CellParser {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    @Override
    public boolean accept(byte[] b, int off, int len) {
        value = key(b, off, len);
        return true;
    }

    /** The first eight bytes as a number. */
    private static long key(byte[] b, int off, int len) {
        if (off + Long.BYTES <= b.length) {
            long key = (long) LONG.get(b, off);
            return len >= Long.BYTES ? key : len == 0 ? 0 : key & -1L << (Long.BYTES - len) * Byte.SIZE;
        }
        long key = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            key = key << Byte.SIZE | (i < len ? b[off + i] & 0xFF : 0);
        }
        return key;
    }

    @Override
    ColumnVector.Layout layout() {
        return ColumnVector.Layout.TEXT;
    }

    @Override
    public ColumnType type() {
        return new ColumnType.Text();
    }

    @Override
    public int alignment() {
        return 0;
    }
}
