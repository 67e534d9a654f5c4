package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import java.math.BigDecimal;

/**
 * Numbers of which some have an exponent. A cell is accepted only if its digits are the shortest that name the double,
 * and its notation agrees with {@link DoubleFormat} for all cells so far.
 */
final class DoubleParser extends CellParser {
    /** The least double written without exponent needs fewer. */
    private static final int MAX_DIGITS = 400;

    private static final int MAX_EXPONENT_DIGITS = 5;

    private final NumberScan scan = new NumberScan();
    private final NumberFacts fixed;

    private Boolean upperCase;
    private Boolean plus;
    private Boolean mantissaZero;
    private int paddedExponentDigits; // the width, if some exponent was padded with zeros to it
    private int leastExponentDigits = Integer.MAX_VALUE;
    private int scientificBelow = Integer.MIN_VALUE; // the greatest exponent written below the fixed range
    private int scientificAbove = Integer.MAX_VALUE; // the least one above it

    DoubleParser() {
        this(new NumberFacts());
    }

    /** A parser for a column whose cells so far had no exponent. */
    DoubleParser(NumberFacts fixed) {
        this.fixed = fixed;
    }

    @Override
    public boolean accept(byte[] b, int off, int len) {
        if (!scan.scan(b, off, len)
                || scan.negative && scan.zero(b)
                || scan.digits() > MAX_DIGITS
                || scan.exponentDigits > MAX_EXPONENT_DIGITS) {
            return false;
        }
        double parsed = JavaDoubleParser.parseDouble(b, off, len);
        if (!shortest(parsed, b, off, len) || !(scan.exponentAt < 0 ? acceptFixed(b) : acceptScientific(b))) {
            return false;
        }
        value = Double.doubleToRawLongBits(parsed);
        return true;
    }

    private boolean acceptFixed(byte[] b) {
        boolean zeroAtEnd = scan.point && b[scan.fraction + scan.scale - 1] == '0';
        boolean zeroFraction = zeroAtEnd && scan.scale == 1;
        if (scan.wholeDigits == 0
                || zeroAtEnd && !zeroFraction
                || zeroFraction && fixed.plainWhole
                || !scan.point && fixed.zeroFraction) {
            return false;
        }
        int exponent = NumberFacts.exponentOf(scan, b);
        int min = Math.min(fixed.minExponent, exponent);
        int max = Math.max(fixed.maxExponent, exponent);
        if (!separate(min, max, scientificBelow, scientificAbove)) {
            return false;
        }
        fixed.plainWhole |= !scan.point;
        fixed.zeroFraction |= zeroFraction;
        fixed.minExponent = min;
        fixed.maxExponent = max;
        return true;
    }

    private boolean acceptScientific(byte[] b) {
        boolean single = scan.scale == 0 || scan.scale == 1 && b[scan.fraction] == '0';
        boolean canonical = scan.wholeDigits == 1
                && (b[scan.whole] != '0' || scan.zero(b) && scan.exponent == 0)
                && (single || b[scan.fraction + scan.scale - 1] != '0');
        boolean minus = b[scan.exponentAt + 1] == '-';
        if (!canonical || minus && scan.exponent == 0) {
            return false;
        }
        boolean letter = b[scan.exponentAt] == 'E';
        boolean padded =
                scan.exponentDigits > 1 && Math.abs(scan.exponent) < Math.powExact(10, scan.exponentDigits - 1);
        if (disagree(upperCase, letter)
                || !minus && disagree(plus, scan.exponentPlus)
                || single && disagree(mantissaZero, scan.point)
                || padded && paddedExponentDigits != 0 && paddedExponentDigits != scan.exponentDigits
                || padded && leastExponentDigits < scan.exponentDigits
                || scan.exponentDigits < paddedExponentDigits) {
            return false;
        }
        // While no number without exponent was seen, the range of those is taken to be about zero.
        int middle = anyFixed() ? fixed.minExponent : 0;
        int below = scan.exponent < middle ? Math.max(scientificBelow, scan.exponent) : scientificBelow;
        int above = scan.exponent < middle ? scientificAbove : Math.min(scientificAbove, scan.exponent);
        if (anyFixed() && !separate(fixed.minExponent, fixed.maxExponent, below, above)) {
            return false;
        }
        upperCase = letter;
        if (!minus) {
            plus = scan.exponentPlus;
        }
        if (single) {
            mantissaZero = scan.point;
        }
        if (padded) {
            paddedExponentDigits = scan.exponentDigits;
        }
        leastExponentDigits = Math.min(leastExponentDigits, scan.exponentDigits);
        scientificBelow = below;
        scientificAbove = above;
        return true;
    }

    private boolean anyFixed() {
        return fixed.minExponent <= fixed.maxExponent;
    }

    private static boolean disagree(Boolean before, boolean now) {
        return before != null && before != now;
    }

    private static boolean separate(int min, int max, int below, int above) {
        return below < min && max < above;
    }

    /** Whether the cell's digits are the shortest for the double: certain up to 15 in the normal range, else compared. */
    private boolean shortest(double parsed, byte[] b, int off, int len) {
        if (Double.isInfinite(parsed)) {
            return false;
        }
        double magnitude = Math.abs(parsed);
        if (magnitude == 0) {
            return scan.zero(b);
        }
        if (magnitude < Double.MIN_NORMAL) {
            return false; // Java and PostgreSQL differ in what the shortest text of a subnormal number is
        }
        if (scan.digits() <= NumberFacts.DOUBLE_DIGITS) {
            return true;
        }
        String cell = new String(b, off, len, US_ASCII);
        return new BigDecimal(cell).compareTo(new BigDecimal(Double.toString(parsed))) == 0;
    }

    @Override
    ColumnVector.Layout layout() {
        return ColumnVector.Layout.FLOAT8;
    }

    @Override
    public ColumnType type() {
        return new ColumnType.DoublePrecision(new DoubleFormat(
                Boolean.TRUE.equals(upperCase),
                Boolean.TRUE.equals(plus),
                Math.max(1, paddedExponentDigits),
                Boolean.TRUE.equals(mantissaZero),
                anyFixed() ? fixed.minExponent : 0,
                anyFixed() ? fixed.maxExponent : -1,
                fixed.zeroFraction));
    }

    @Override
    public int alignment() {
        return 8;
    }
}
