package dev.sluice.table.type;

/**
 * How the numbers of a column are written, gathered so that a column of integers or decimals can become one of doubles
 * without a second look at its cells.
 */
final class NumberFacts {
    /** Decimals of so many significant digits survive the way to a double and back (DBL_DIG). */
    static final int DOUBLE_DIGITS = 15;

    /** Whole numbers written without a point. */
    boolean plainWhole;

    /** Whole numbers written with {@code .0}. */
    boolean zeroFraction;

    /** Any number of which a double would not give back all digits, or its zeros. */
    boolean beyondDouble;

    int minExponent = Integer.MAX_VALUE;
    int maxExponent = Integer.MIN_VALUE;

    /** The same, to go on from without changing this. */
    NumberFacts copy() {
        NumberFacts copy = new NumberFacts();
        copy.plainWhole = plainWhole;
        copy.zeroFraction = zeroFraction;
        copy.beyondDouble = beyondDouble;
        copy.minExponent = minExponent;
        copy.maxExponent = maxExponent;
        return copy;
    }

    /** Takes a number without exponent into account. */
    void add(NumberScan n, byte[] b) {
        if (!n.point) {
            plainWhole = true;
            if (n.wholeDigits > DOUBLE_DIGITS) {
                beyondDouble |= significantWhole(n, b) > DOUBLE_DIGITS;
            }
            exponent(n.wholeDigits - 1);
            return;
        }
        boolean zeroAtEnd = b[n.fraction + n.scale - 1] == '0';
        if (zeroAtEnd && n.scale == 1) {
            zeroFraction = true;
        } else if (zeroAtEnd) {
            beyondDouble = true;
        }
        if (n.digits() > DOUBLE_DIGITS || n.wholeDigits == 0) {
            beyondDouble = true;
        }
        exponent(exponentOf(n, b));
    }

    private void exponent(int e) {
        minExponent = Math.min(minExponent, e);
        maxExponent = Math.max(maxExponent, e);
    }

    /** The decimal exponent of a number's first significant digit; 0 for zero. */
    static int exponentOf(NumberScan n, byte[] b) {
        if (n.wholeDigits > 1 || n.wholeDigits == 1 && b[n.whole] != '0') {
            return n.wholeDigits - 1;
        }
        for (int i = 0; i < n.scale; i++) {
            if (b[n.fraction + i] != '0') {
                return -1 - i;
            }
        }
        return 0;
    }

    private static int significantWhole(NumberScan n, byte[] b) {
        int digits = n.wholeDigits;
        while (digits > 1 && b[n.whole + digits - 1] == '0') {
            digits--;
        }
        return digits;
    }

    boolean fitDouble() {
        return !beyondDouble && !(plainWhole && zeroFraction);
    }
}
