package dev.sluice.table.type;

/**
 * The parts of a number as it stands in a cell: {@code -?[0-9]*(\.[0-9]+)?([eE][+-]?[0-9]+)?} with at least one digit
 * and no superfluous leading zero. Reused from cell to cell; positions refer to the scanned bytes.
 */
final class NumberScan {
    /** So many digits always fit a {@code long}. */
    static final int LONG_DIGITS = 18;

    boolean negative;
    int whole;
    int wholeDigits;
    int fraction;
    int scale;
    boolean point;

    /** All digits as one integer, if there are at most {@link #LONG_DIGITS}. */
    long unscaled;

    /** Where the letter of the exponent stands; -1 if there is none. */
    int exponentAt;

    boolean exponentPlus;
    int exponentDigits;
    int exponent;

    /** Whether the cell is such a number. */
    boolean scan(byte[] b, int off, int len) {
        int i = off;
        int end = off + len;
        negative = b[i] == '-';
        if (negative) {
            i++;
        }
        whole = i;
        long value = 0;
        int digit;
        while (i < end && (digit = b[i] - '0') >= 0 && digit <= 9) {
            value = value * 10 + digit;
            i++;
        }
        wholeDigits = i - whole;
        point = i < end && b[i] == '.';
        if (point) {
            fraction = ++i;
            while (i < end && (digit = b[i] - '0') >= 0 && digit <= 9) {
                value = value * 10 + digit;
                i++;
            }
            scale = i - fraction;
            if (scale == 0) {
                return false;
            }
        } else {
            fraction = i;
            scale = 0;
            if (wholeDigits == 0) {
                return false;
            }
        }
        if (wholeDigits > 1 && b[whole] == '0') {
            return false;
        }
        unscaled = value;
        exponentAt = -1;
        exponentDigits = 0;
        return i == end || scanExponent(b, i, end);
    }

    private boolean scanExponent(byte[] b, int at, int end) {
        if ((b[at] | 0x20) != 'e') {
            return false;
        }
        exponentAt = at;
        int i = at + 1;
        boolean minus = i < end && b[i] == '-';
        exponentPlus = i < end && b[i] == '+';
        if (minus || exponentPlus) {
            i++;
        }
        int first = i;
        int value = 0;
        while (i < end && b[i] >= '0' && b[i] <= '9') {
            value = Math.min(value * 10 + b[i] - '0', 100_000); // far beyond any double
            i++;
        }
        exponentDigits = i - first;
        exponent = minus ? -value : value;
        return exponentDigits > 0 && i == end;
    }

    int digits() {
        return wholeDigits + scale;
    }

    /** Whether every digit is a zero. */
    boolean zero(byte[] b) {
        if (digits() <= LONG_DIGITS) {
            return unscaled == 0;
        }
        for (int i = whole; i < fraction + scale; i++) {
            if (b[i] >= '1' && b[i] <= '9') {
                return false;
            }
        }
        return true;
    }
}
