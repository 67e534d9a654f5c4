package dev.sluice.table.type;

import dev.sluice.table.copy.CopyBuffer;
import dev.sluice.table.copy.RowWidth;
import java.util.List;

/** Decimals. PostgreSQL keeps each one's scale, so {@code 0.0} and {@code 1.50} come back as they were. */
final class NumericParser extends CellParser {
    /** PostgreSQL's greatest declared precision of a {@code numeric}; what is longer is hardly a number. */
    private static final int MAX_DIGITS = 1000;

    private final NumberScan scan = new NumberScan();
    private final NumberFacts facts;
    private boolean sawLeadingZero;
    private boolean sawLeadingPoint;
    private boolean sawPoint;
    private boolean sawClearPoint;
    private boolean sawTooLong;

    NumericParser() {
        this(new NumberFacts());
    }

    /** A parser for a column whose cells so far were integers. */
    NumericParser(NumberFacts facts) {
        this.facts = facts;
    }

    @Override
    public boolean accept(byte[] b, int off, int len) {
        if (!scan.scan(b, off, len) || scan.exponentAt >= 0) {
            return false;
        }
        if (scan.digits() > MAX_DIGITS || scan.negative && scan.zero(b)) {
            return false;
        }
        boolean leadingPoint = scan.wholeDigits == 0;
        boolean leadingZero = scan.point && !leadingPoint && b[scan.whole] == '0';
        if (leadingPoint && sawLeadingZero || leadingZero && sawLeadingPoint) {
            return false;
        }
        sawLeadingPoint |= leadingPoint;
        sawLeadingZero |= leadingZero;
        sawPoint |= scan.point;
        sawClearPoint |= scan.point && LocalNumberParser.isClear(scan.wholeDigits, leadingZero, scan.scale);
        facts.add(scan, b);
        value = scan.negative ? -scan.unscaled : scan.unscaled;
        boolean tooLong = scan.digits() > NumberScan.LONG_DIGITS || scan.scale > CopyBuffer.MAX_SCALE;
        sawTooLong |= tooLong;
        second = tooLong ? ColumnVector.TOO_LONG : scan.scale;
        return true;
    }

    @Override
    ColumnVector.Layout layout() {
        return ColumnVector.Layout.NUMERIC;
    }

    @Override
    public ColumnType type() {
        return new ColumnType.Numeric(new NumberPattern("", '.', !sawLeadingPoint));
    }

    @Override
    public int alignment() {
        return RowWidth.NUMERIC;
    }

    @Override
    CellParser widened() {
        return facts.fitDouble() ? new DoubleParser(facts.copy()) : new TextParser();
    }

    @Override
    List<CellParser> others(byte[] b, int off, int len) {
        LocalNumberParser.Before before = new LocalNumberParser.Before(
                LocalNumberParser.Before.thousands(facts),
                sawTooLong || LocalNumberParser.Before.tooLong(facts),
                sawPoint,
                sawClearPoint,
                sawLeadingZero,
                sawLeadingPoint);
        return LocalNumberParser.of(before, b, off, len);
    }
}
