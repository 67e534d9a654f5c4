package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;

/** One pair of words. A pair that can mean much else ({@code N}, {@code no}) is taken only once both were seen. */
final class BooleanParser extends CellParser {
    private static final List<ColumnType.Bool> PAIRS = List.of(
            new ColumnType.Bool("true", "false"),
            new ColumnType.Bool("True", "False"),
            new ColumnType.Bool("TRUE", "FALSE"),
            new ColumnType.Bool("t", "f"),
            new ColumnType.Bool("T", "F"),
            new ColumnType.Bool("yes", "no"),
            new ColumnType.Bool("Yes", "No"),
            new ColumnType.Bool("YES", "NO"),
            new ColumnType.Bool("y", "n"),
            new ColumnType.Bool("Y", "N"));
    private static final ColumnType.Bool DIGITS = new ColumnType.Bool("1", "0");
    private static final int LONGEST_WORD = 5;

    private final ColumnType.Bool type;
    private final byte[] yes;
    private final byte[] no;
    private boolean sawYes;
    private boolean sawNo;

    private BooleanParser(ColumnType.Bool type) {
        this.type = type;
        this.yes = type.yes().getBytes(US_ASCII);
        this.no = type.no().getBytes(US_ASCII);
    }

    /** A parser for the pair that the cell is a word of; {@code null} if it is none. */
    static BooleanParser of(byte[] b, int off, int len) {
        if (len > LONGEST_WORD) {
            return null;
        }
        String word = new String(b, off, len, US_ASCII);
        for (ColumnType.Bool pair : PAIRS) {
            if (word.equals(pair.yes()) || word.equals(pair.no())) {
                return new BooleanParser(pair);
            }
        }
        return null;
    }

    /** A parser for one and zero, which are no words unless somebody says so; {@code null} if the cell is neither. */
    static BooleanParser ofDigits(byte[] b, int off, int len) {
        return len == 1 && (b[off] == '0' || b[off] == '1') ? new BooleanParser(DIGITS) : null;
    }

    @Override
    public boolean accept(byte[] b, int off, int len) {
        if (equal(yes, b, off, len)) {
            sawYes = true;
            value = 1;
            return true;
        }
        if (equal(no, b, off, len)) {
            sawNo = true;
            value = 0;
            return true;
        }
        return false;
    }

    private static boolean equal(byte[] word, byte[] b, int off, int len) {
        return len == word.length && Arrays.equals(word, 0, len, b, off, off + len);
    }

    @Override
    boolean proven() {
        return sawYes && sawNo || yes.length == "true".length();
    }

    @Override
    String doubt() {
        return "only one word of the pair " + type.format() + " occurs";
    }

    @Override
    ColumnVector.Layout layout() {
        return ColumnVector.Layout.BOOL;
    }

    @Override
    public ColumnType type() {
        return type;
    }

    @Override
    public int alignment() {
        return 1;
    }
}
