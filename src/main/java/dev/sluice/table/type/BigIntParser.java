package dev.sluice.table.type;

import java.util.List;

/** Integers of 64 bits in canonical form; for grouped ones see {@link LocalNumberParser}. */
final class BigIntParser extends CellParser {
    private static final int LONGEST = 19;

    private final NumberScan scan = new NumberScan();
    private final NumberFacts facts = new NumberFacts();

    @Override
    public boolean accept(byte[] b, int off, int len) {
        if (!scan.scan(b, off, len) || scan.point || scan.exponentAt >= 0) {
            return false;
        }
        int digits = scan.wholeDigits;
        if (digits > LONGEST || scan.negative && b[scan.whole] == '0') {
            return false;
        }
        value = scan.negative ? -scan.unscaled : scan.unscaled;
        if (digits == LONGEST && value != 0 && value < 0 != scan.negative) {
            return false; // overflown: 19 digits reach at most 1.08 times 2^63, so the sign tells
        }
        facts.add(scan, b);
        return true;
    }

    @Override
    ColumnVector.Layout layout() {
        return ColumnVector.Layout.INT8;
    }

    @Override
    public ColumnType type() {
        return new ColumnType.BigInt("");
    }

    @Override
    public int alignment() {
        return 8;
    }

    @Override
    CellParser widened() {
        return new NumericParser(facts.copy());
    }

    @Override
    List<CellParser> others(byte[] b, int off, int len) {
        return LocalNumberParser.of(LocalNumberParser.Before.integers(facts), b, off, len);
    }
}
