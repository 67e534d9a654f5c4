package dev.sluice.table.type;

import dev.sluice.table.copy.CopyBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Any cell. Ordered as bytes, which is PostgreSQL's {@code C} order. */
final class TextParser extends CellParser {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int off;
    private int len;

    @Override
    public boolean accept(byte[] b, int off, int len) {
        this.bytes = b;
        this.off = off;
        this.len = len;
        return true;
    }

    @Override
    public void write(CopyBuffer out) {
        out.text(bytes, off, len);
    }

    /** The first eight bytes as an unsigned number. */
    @Override
    public long orderKey() {
        long key = 0;
        if (off + Long.BYTES <= bytes.length) {
            key = (long) LONG.get(bytes, off);
            if (len < Long.BYTES) {
                key = len == 0 ? 0 : key & -1L << (Long.BYTES - len) * Byte.SIZE;
            }
        } else {
            for (int i = 0; i < Long.BYTES; i++) {
                key = key << Byte.SIZE | (i < len ? bytes[off + i] & 0xFF : 0);
            }
        }
        return key ^ Long.MIN_VALUE;
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
