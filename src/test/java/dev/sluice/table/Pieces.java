package dev.sluice.table;

import java.io.InputStream;
import java.util.Random;
import java.util.function.IntSupplier;

/** A source that arrives in pieces: no read goes beyond the end of one. */
public final class Pieces extends InputStream {
    private final byte[] bytes;
    private final IntSupplier sizes;
    private int at;
    private int left;

    private Pieces(byte[] bytes, IntSupplier sizes) {
        this.bytes = bytes;
        this.sizes = sizes;
    }

    /** All at once. */
    public static Pieces whole(byte[] bytes) {
        return ofSize(bytes, Integer.MAX_VALUE);
    }

    public static Pieces ofSize(byte[] bytes, int size) {
        return new Pieces(bytes, () -> size);
    }

    /** Two pieces, of which the first has {@code cut} bytes. */
    public static Pieces cutAt(byte[] bytes, int cut) {
        Pieces pieces = ofSize(bytes, Integer.MAX_VALUE);
        pieces.left = cut;
        return pieces;
    }

    /** Pieces of 1 to {@code most} bytes. */
    public static Pieces ofRandomSizes(byte[] bytes, int most, Random random) {
        return new Pieces(bytes, () -> 1 + random.nextInt(most));
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] b, int off, int len) {
        if (at == bytes.length) {
            return -1;
        }
        if (left == 0) {
            left = sizes.getAsInt();
        }
        int n = Math.min(Math.min(len, left), bytes.length - at);
        System.arraycopy(bytes, at, b, off, n);
        at += n;
        left -= n;
        return n;
    }
}
