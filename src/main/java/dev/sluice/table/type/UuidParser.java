package dev.sluice.table.type;

/** UUIDs as RFC 9562 writes them, all in lower or all in upper case. */
final class UuidParser extends CellParser {
    static final int LENGTH = 36;

    private boolean sawLower;
    private boolean sawUpper;

    static boolean looksLike(byte[] b, int off, int len) {
        return len == LENGTH && b[off + 8] == '-' && b[off + 13] == '-' && b[off + 18] == '-' && b[off + 23] == '-';
    }

    @Override
    public boolean accept(byte[] b, int off, int len) {
        if (!looksLike(b, off, len)) {
            return false;
        }
        boolean lower = false;
        boolean upper = false;
        long first = 0;
        long bits = 0;
        int digits = 0;
        for (int i = 0; i < LENGTH; i++) {
            byte c = b[off + i];
            int digit;
            if (c >= '0' && c <= '9') {
                digit = c - '0';
            } else if (c >= 'a' && c <= 'f') {
                digit = c - 'a' + 10;
                lower = true;
            } else if (c >= 'A' && c <= 'F') {
                digit = c - 'A' + 10;
                upper = true;
            } else if (i == 8 || i == 13 || i == 18 || i == 23) {
                continue;
            } else {
                return false;
            }
            bits = bits << 4 | digit;
            if (++digits == 16) {
                first = bits;
            }
        }
        if (digits != 32 || (lower || sawLower) && (upper || sawUpper)) {
            return false;
        }
        sawLower |= lower;
        sawUpper |= upper;
        value = first;
        second = bits;
        return true;
    }

    @Override
    ColumnVector.Layout layout() {
        return ColumnVector.Layout.UUID;
    }

    @Override
    public ColumnType type() {
        return new ColumnType.Uuid(sawUpper);
    }

    @Override
    public int alignment() {
        return 1;
    }
}
