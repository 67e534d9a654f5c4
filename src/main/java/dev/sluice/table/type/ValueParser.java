package dev.sluice.table.type;

import dev.sluice.table.copy.CopyBuffer;
import dev.sluice.table.copy.RowWidth;

/**
 * Numbers by their value, however they are written: with spaces around them, a plus sign, leading zeros, an exponent. Of at
 * most 18 significant digits and 16 places; what is longer has to be written as numbers otherwise are.
 */
final class ValueParser extends CellParser {
    private final boolean whole;

    ValueParser(boolean whole) {
        this.whole = whole;
    }

    @Override
    public boolean accept(byte[] b, int off, int len) {
        int at = off;
        int end = off + len;
        while (at < end && b[at] == ' ') {
            at++;
        }
        while (end > at && b[end - 1] == ' ') {
            end--;
        }
        boolean negative = at < end && b[at] == '-';
        if (negative || at < end && b[at] == '+') {
            at++;
        }
        long unscaled = 0;
        int scale = 0;
        int digits = 0;
        int significant = 0;
        boolean point = false;
        for (; at < end; at++) {
            if (b[at] == '.' && !point) {
                point = true;
                continue;
            }
            int digit = b[at] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            digits++;
            scale += point ? 1 : 0;
            significant += significant > 0 || digit > 0 ? 1 : 0;
            unscaled = unscaled * 10 + digit;
        }
        if (digits == 0 || significant > NumberScan.LONG_DIGITS || at < end && (b[at] | 0x20) != 'e') {
            return false;
        }
        return at == end
                ? hold(negative ? -unscaled : unscaled, scale)
                : scaled(negative ? -unscaled : unscaled, scale, significant, b, at + 1, end);
    }

    /** With the exponent from {@code from} to {@code end}. */
    private boolean scaled(long unscaled, int scale, int significant, byte[] b, int from, int end) {
        boolean minus = from < end && b[from] == '-';
        int at = minus || from < end && b[from] == '+' ? from + 1 : from;
        int exponent = 0;
        if (at == end || end - at > 4 || !Gregorian.digits(b, at, end - at)) {
            return false;
        }
        for (; at < end; at++) {
            exponent = exponent * 10 + b[at] - '0';
        }
        int places = scale - (minus ? -exponent : exponent);
        long number = unscaled;
        if (places < 0 && significant - places > NumberScan.LONG_DIGITS && number != 0) {
            return false;
        }
        for (; places < 0; places++) {
            number *= 10;
        }
        return hold(number, places);
    }

    private boolean hold(long unscaled, int scale) {
        if (scale > (whole ? 0 : CopyBuffer.MAX_SCALE)) {
            return false;
        }
        value = unscaled;
        second = scale;
        return true;
    }

    @Override
    ColumnVector.Layout layout() {
        return whole ? ColumnVector.Layout.INT8 : ColumnVector.Layout.NUMERIC;
    }

    @Override
    public ColumnType type() {
        return new ColumnType.ByValue(whole);
    }

    @Override
    public int alignment() {
        return whole ? Long.BYTES : RowWidth.NUMERIC;
    }

    @Override
    CellParser widened() {
        return whole ? new ValueParser(false) : new TextParser();
    }
}
