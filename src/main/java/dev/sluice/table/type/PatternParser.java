package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.table.type.TemporalOutline.Order;
import java.util.Arrays;
import java.util.List;

/**
 * Dates and times whose parts vary in width: times of the day, days and hours without padding, names of months, the
 * 12-hour clock. Slower than {@link TemporalParser}, which reads what is of fixed width.
 */
final class PatternParser extends CellParser {
    // What cells show of the format, in pairs that contradict each other: the second is the first shifted left.
    private static final int DAY_PADDED = 1;
    private static final int MONTH_PADDED = 1 << 2;
    private static final int HOUR_PADDED = 1 << 4;
    private static final int MONTH_SHORT = 1 << 6;
    private static final int HALF_UPPER = 1 << 8;
    private static final int FIRST_OF_PAIRS = DAY_PADDED | MONTH_PADDED | HOUR_PADDED | MONTH_SHORT | HALF_UPPER;

    // Of these only one may be shown.
    private static final int MONTH_TITLE = 1 << 10;
    private static final int MONTH_UPPER = 1 << 11;
    private static final int MONTH_LOWER = 1 << 12;
    private static final int CASES = MONTH_TITLE | MONTH_UPPER | MONTH_LOWER;

    private final TemporalOutline outline;
    private final byte[] separator1;
    private final byte[] separator2;
    private final byte[] between;
    private final byte[] halfDay;
    private final byte[] zone;
    private final long offsetMicros;
    private int learned;

    // Of the cell at hand:
    private int at;
    private int end;
    private int shown;

    private PatternParser(TemporalOutline outline, int learned) {
        this.outline = outline;
        this.learned = learned;
        separator1 = outline.first().getBytes(US_ASCII);
        separator2 = outline.second().getBytes(US_ASCII);
        between = outline.between().getBytes(US_ASCII);
        boolean half = outline.clock() != null && outline.clock().halfDay() != null;
        halfDay = half ? outline.clock().halfDay().getBytes(US_ASCII) : null;
        zone = outline.zone().getBytes(US_ASCII);
        offsetMicros = outline.offsetMicros();
    }

    /** Parsers for every outline that the cell has. */
    static List<CellParser> of(byte[] b, int off, int len) {
        return TemporalOutline.of(b, off, len).stream()
                .<CellParser>map(outline -> new PatternParser(outline, 0))
                .toList();
    }

    /** A parser for a column whose cells so far were of fixed width; the least parts seen say whether they were padded. */
    static PatternParser after(TemporalOutline outline, int leastDay, int leastMonth, int leastHour) {
        int learned = (leastDay < 10 ? DAY_PADDED : 0)
                | (leastMonth < 10 ? MONTH_PADDED : 0)
                | (leastHour < 10 ? HOUR_PADDED : 0);
        return new PatternParser(outline, learned);
    }

    @Override
    public boolean accept(byte[] b, int off, int len) {
        at = off;
        end = off + len;
        shown = 0;
        int days = 0;
        if (outline.order() != null) {
            days = date(b);
            if (days == Gregorian.NONE) {
                return false;
            }
        }
        long time = 0;
        if (outline.clock() != null) {
            time = literal(b, between) ? time(b) : -1;
            if (time < 0) {
                return false;
            }
        }
        if (!literal(b, zone) || at != end) {
            return false;
        }
        int all = learned | shown;
        if ((all & all >> 1 & FIRST_OF_PAIRS) != 0 || Integer.bitCount(all & CASES) > 1) {
            return false;
        }
        learned = all;
        value = outline.clock() == null ? days : days * Gregorian.DAY + time - offsetMicros;
        return true;
    }

    private int date(byte[] b) {
        int year = 0;
        if (outline.order() == Order.YMD) {
            year = year(b);
            if (!literal(b, separator1)) {
                return Gregorian.NONE;
            }
        }
        boolean dayFirst = outline.order() == Order.DMY;
        int one = dayFirst ? number(b, DAY_PADDED) : month(b);
        if (!literal(b, outline.order() == Order.YMD ? separator2 : separator1)) {
            return Gregorian.NONE;
        }
        int other = dayFirst ? month(b) : number(b, DAY_PADDED);
        if (outline.order() != Order.YMD) {
            if (!literal(b, separator2)) {
                return Gregorian.NONE;
            }
            year = year(b);
        }
        return dayFirst ? Gregorian.days(year, other, one) : Gregorian.days(year, one, other);
    }

    private int year(byte[] b) {
        if (end - at < 4 || !Gregorian.digits(b, at, 4)) {
            return -1;
        }
        at += 4;
        return Gregorian.number(b, at - 4) * 100 + Gregorian.number(b, at - 2);
    }

    private int month(byte[] b) {
        if (!outline.named()) {
            return number(b, MONTH_PADDED);
        }
        int from = at;
        int upper = 0;
        while (at < end && (b[at] | 0x20) >= 'a' && (b[at] | 0x20) <= 'z') {
            upper += b[at] < 'a' ? 1 : 0;
            at++;
        }
        int letters = at - from;
        int month = MonthName.of(b, from, letters);
        if (month == 0) {
            return -1;
        }
        if (letters > MonthName.SHORT) {
            shown |= MONTH_SHORT << 1;
        } else if (month != 5) {
            shown |= MONTH_SHORT;
        }
        if (upper == 0) {
            shown |= MONTH_LOWER;
        } else if (upper == letters) {
            shown |= MONTH_UPPER;
        } else if (upper == 1 && b[from] < 'a') {
            shown |= MONTH_TITLE;
        } else {
            return -1;
        }
        return month;
    }

    private long time(byte[] b) {
        TemporalOutline.Clock clock = outline.clock();
        int hour = number(b, HOUR_PADDED);
        int minute = sixtieth(b);
        int second = clock.seconds() ? sixtieth(b) : 0;
        long micros = 0;
        int digits = clock.fractionDigits();
        if (digits > 0) {
            if (end - at <= digits || b[at] != '.' || !Gregorian.digits(b, at + 1, digits)) {
                return -1;
            }
            micros = Gregorian.micros(b, at + 1, digits);
            at += 1 + digits;
        }
        if (halfDay != null) {
            hour = hour < 1 || hour > 12 || !literal(b, halfDay) ? -1 : half(b, hour % 12);
        }
        return Gregorian.time(hour, minute, second, micros);
    }

    /** Two digits behind a colon; -1 if they are not there. */
    private int sixtieth(byte[] b) {
        if (end - at < 3 || b[at] != ':' || !Gregorian.digits(b, at + 1, 2)) {
            return -1;
        }
        at += 3;
        return Gregorian.number(b, at - 2);
    }

    /** The hour of the day that AM or PM makes of an hour of its half; -1 if neither stands there. */
    private int half(byte[] b, int hour) {
        if (end - at < 2) {
            return -1;
        }
        int half = b[at];
        int m = b[at + 1];
        at += 2;
        boolean upper = m == 'M';
        if (!upper && m != 'm' || (half | 0x20) != 'a' && (half | 0x20) != 'p' || half < 'a' != upper) {
            return -1;
        }
        shown |= upper ? HALF_UPPER : HALF_UPPER << 1;
        return (half | 0x20) == 'p' ? hour + 12 : hour;
    }

    /** One digit or two; -1 if there is none. */
    private int number(byte[] b, int padded) {
        int high = at < end ? b[at] - '0' : -1;
        if (high < 0 || high > 9) {
            return -1;
        }
        at++;
        int low = at < end ? b[at] - '0' : -1;
        if (low < 0 || low > 9) {
            shown |= padded << 1;
            return high;
        }
        at++;
        if (high == 0) {
            shown |= padded;
        }
        return high * 10 + low;
    }

    private boolean literal(byte[] b, byte[] text) {
        int from = at;
        at += text.length;
        return at <= end && Arrays.equals(text, 0, text.length, b, from, at);
    }

    @Override
    String doubt() {
        return TemporalParser.DOUBT;
    }

    @Override
    ColumnVector.Layout layout() {
        return outline.layout();
    }

    @Override
    public ColumnType type() {
        String month = outline.named() ? saw(MONTH_SHORT << 1) ? "MMMM" : "MMM" : saw(MONTH_PADDED << 1) ? "M" : "MM";
        String hour = halfDay == null ? "H" : "h";
        return outline.type(
                saw(DAY_PADDED << 1) ? "d" : "dd", month, saw(HOUR_PADDED << 1) ? hour : hour + hour, words());
    }

    private String words() {
        String month = saw(MONTH_UPPER) ? "JAN" : saw(MONTH_LOWER) ? "jan" : "";
        String half = saw(HALF_UPPER << 1) ? "am" : "";
        String words = month + (month.isEmpty() || half.isEmpty() ? "" : ", ") + half;
        return words.isEmpty() ? "" : " (" + words + ")";
    }

    private boolean saw(int trait) {
        return (learned & trait) != 0;
    }

    @Override
    public int alignment() {
        return outline.clock() == null ? 4 : 8;
    }
}
