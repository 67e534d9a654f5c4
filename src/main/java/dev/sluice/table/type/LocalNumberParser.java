package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.table.copy.CopyBuffer;
import dev.sluice.table.copy.RowWidth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Numbers with a decimal comma, with digits in groups of three, or both, of at most 18 digits. If any number is grouped, so
 * is every one of four or more whole digits. A comma in {@code 1,234} may be the decimal one or group digits: the reading
 * counts only if another number excludes the other one.
 */
final class LocalNumberParser extends CellParser {
    private static final byte[] NONE = {};
    private static final byte[] COMMA = {','};
    private static final byte[] POINT = {'.'};

    /** What groups digits and is no decimal point: spaces, among them U+00A0 and U+202F, and apostrophes. */
    private static final List<byte[]> SPACES = Stream.of(" ", "\u00a0", "\u202f", "'", "\u2019")
            .map(s -> s.getBytes(UTF_8))
            .toList();

    private static final int GROUP = 3;

    /** In place of a point. */
    private static final char UNKNOWN = 0;

    /** Whether all are integers, and held as such. */
    private final boolean whole;

    /** {@code null} while no number has four whole digits, {@link #NONE}, of no bytes, if digits are not grouped. */
    private byte[] group;

    /** {@link #UNKNOWN} while no number tells. */
    private byte point;

    private boolean sawLeadingZero;
    private boolean sawLeadingPoint;

    /** Whether a comma or a point occurs that another reading takes for the opposite. */
    private boolean doubtful;

    /** Whether any number excludes that other reading. */
    private boolean clear;

    private LocalNumberParser(boolean whole, byte[] group, char point, Before before) {
        this.whole = whole;
        this.group = group;
        this.point = (byte) point;
        this.sawLeadingZero = before.leadingZero;
        this.sawLeadingPoint = before.leadingPoint;
        this.doubtful = point == ',' || isMark(group);
        this.clear = before.pointIsClear;
    }

    /** Decimals in the format of the integers that a parser has accepted. */
    private LocalNumberParser(LocalNumberParser integers) {
        this.whole = false;
        this.group = integers.group;
        this.point = integers.point;
        this.sawLeadingZero = integers.sawLeadingZero;
        this.sawLeadingPoint = integers.sawLeadingPoint;
        this.doubtful = integers.doubtful;
        this.clear = integers.clear;
    }

    /**
     * What the numbers before had, of which none was grouped or had a comma.
     *
     * @param thousands whether any has four whole digits
     * @param tooLong whether any has more digits than are held here
     * @param point whether any has a point
     * @param pointIsClear whether any has a point that cannot group digits, see {@link #isClear}
     * @param leadingZero whether any is written {@code 0.5}
     * @param leadingPoint whether any is written {@code .5}
     */
    record Before(
            boolean thousands,
            boolean tooLong,
            boolean point,
            boolean pointIsClear,
            boolean leadingZero,
            boolean leadingPoint) {
        static final Before NOTHING = new Before(false, false, false, false, false, false);

        static Before integers(NumberFacts facts) {
            return new Before(thousands(facts), tooLong(facts), false, false, false, false);
        }

        static boolean thousands(NumberFacts facts) {
            return facts.maxExponent >= GROUP;
        }

        static boolean tooLong(NumberFacts facts) {
            return facts.maxExponent >= NumberScan.LONG_DIGITS;
        }
    }

    /**
     * Whether a decimal point or comma can be nothing else: a separator of groups has one to three digits before it, the
     * first of them no zero, and three behind it.
     *
     * @param wholeDigits before it
     * @param scale digits behind it
     */
    static boolean isClear(int wholeDigits, boolean leadingZero, int scale) {
        return scale != GROUP || wholeDigits == 0 || wholeDigits > GROUP || leadingZero;
    }

    /** Parsers for all that a number can mean that has groups or a comma, after others that had neither. */
    static List<CellParser> of(Before before, byte[] b, int off, int len) {
        List<CellParser> meanings = new ArrayList<>(2);
        for (LocalNumberParser meaning : suspects(before, b, off, len)) {
            if (meaning.accept(b, off, len)) {
                meanings.add(meaning);
            } else if (meaning.whole) {
                CellParser decimals = meaning.widened();
                if (decimals.accept(b, off, len)) {
                    meanings.add(decimals);
                }
            }
        }
        return meanings;
    }

    private static List<LocalNumberParser> suspects(Before before, byte[] b, int off, int len) {
        List<LocalNumberParser> suspects = new ArrayList<>();
        boolean whole = !before.point;
        if (before.tooLong) {
            return suspects;
        }
        if (holds(b, off, len, ',')) {
            if (!before.thousands) {
                suspects.add(new LocalNumberParser(whole, COMMA, '.', before));
            }
            if (!before.point) {
                suspects.add(new LocalNumberParser(false, before.thousands ? NONE : null, ',', before));
            }
        } else if (!before.thousands) {
            for (byte[] space : SPACES) {
                if (holds(b, off, len, space[0])) {
                    suspects.add(new LocalNumberParser(whole, space, before.point ? '.' : UNKNOWN, before));
                }
            }
            if (suspects.isEmpty() && !before.point && holds(b, off, len, '.')) {
                suspects.add(new LocalNumberParser(true, POINT, ',', before));
            }
        }
        return suspects;
    }

    private static boolean holds(byte[] b, int off, int len, int wanted) {
        for (int i = off; i < off + len; i++) {
            if (b[i] == wanted) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean accept(byte[] b, int off, int len) {
        int end = off + len;
        boolean negative = b[off] == '-';
        int first = negative ? off + 1 : off;
        int at = first;
        int digits = 0;
        int run = 0;
        int groups = 0;
        long unscaled = 0;
        byte[] groupHere = null;
        while (at < end) {
            int digit = b[at] - '0';
            if (digit >= 0 && digit <= 9) {
                unscaled = unscaled * 10 + digit;
                digits++;
                run++;
                at++;
                continue;
            }
            byte[] separator = groupAt(b, at, end, groupHere);
            if (separator == null || run > GROUP || run == 0 || groupHere != null && run != GROUP) {
                break;
            }
            groupHere = separator;
            groups++;
            run = 0;
            at += separator.length;
        }
        boolean leadingPoint = digits == 0;
        boolean zero = !leadingPoint && b[first] == '0';
        if (zero && digits > 1
                || groupHere != null && run != GROUP
                || groupHere == null && digits > GROUP && group != null && group.length > 0) {
            return false;
        }
        if (groupHere == null && digits > GROUP) {
            groupHere = NONE;
        }
        int scale = 0;
        byte pointHere = UNKNOWN;
        if (at < end) {
            pointHere = b[at];
            scale = end - at - 1;
            if (whole
                    || scale == 0
                    || scale > CopyBuffer.MAX_SCALE
                    || !isPoint(pointHere)
                    || !Gregorian.digits(b, at + 1, scale)) {
                return false;
            }
            while (++at < end) {
                unscaled = unscaled * 10 + b[at] - '0';
            }
        }
        boolean leadingZero = zero && scale > 0;
        if (digits + scale == 0
                || digits + scale > NumberScan.LONG_DIGITS
                || negative && unscaled == 0
                || leadingPoint && sawLeadingZero
                || leadingZero && sawLeadingPoint) {
            return false;
        }
        sawLeadingPoint |= leadingPoint;
        sawLeadingZero |= leadingZero;
        group = groupHere == null ? group : groupHere;
        point = pointHere == UNKNOWN ? point : pointHere;
        doubtful |= pointHere == ',';
        clear |= pointHere == UNKNOWN
                ? groups > 1 && isMark(groupHere)
                : groups > 0 || isClear(digits, leadingZero, scale);
        value = negative ? -unscaled : unscaled;
        second = scale;
        return true;
    }

    /** Whether a separator of groups is a comma or a point, which others use for decimals. */
    private static boolean isMark(byte[] separator) {
        return separator != null && separator.length == 1 && (separator[0] == ',' || separator[0] == '.');
    }

    /** What groups digits at a position; {@code null} if nothing does. */
    private byte[] groupAt(byte[] b, int at, int end, byte[] before) {
        byte[] known = before != null ? before : group;
        if (known != null) {
            return known.length > 0 && stands(known, b, at, end) ? known : null;
        }
        if (b[at] == '.' && point == ',') {
            return POINT;
        }
        for (int i = 0; i < SPACES.size(); i++) {
            if (stands(SPACES.get(i), b, at, end)) {
                return SPACES.get(i);
            }
        }
        return null;
    }

    private static boolean stands(byte[] separator, byte[] b, int at, int end) {
        return b[at] == separator[0]
                && end - at >= separator.length
                && Arrays.equals(separator, 0, separator.length, b, at, at + separator.length);
    }

    private boolean isPoint(byte c) {
        return point == UNKNOWN ? c == '.' || c == ',' : c == point;
    }

    @Override
    boolean explained() {
        return clear || !doubtful;
    }

    @Override
    String doubt() {
        return "no value tells a decimal comma from digit groups";
    }

    @Override
    ColumnVector.Layout layout() {
        return whole ? ColumnVector.Layout.INT8 : ColumnVector.Layout.NUMERIC;
    }

    @Override
    public ColumnType type() {
        String separator = group == null ? "" : new String(group, UTF_8);
        return whole
                ? new ColumnType.BigInt(separator)
                : new ColumnType.Numeric(new NumberPattern(separator, point == ',' ? ',' : '.', !sawLeadingPoint));
    }

    @Override
    public int alignment() {
        return whole ? 8 : RowWidth.NUMERIC;
    }

    @Override
    CellParser widened() {
        return whole ? new LocalNumberParser(this) : new TextParser();
    }
}
