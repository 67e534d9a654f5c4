package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.table.type.TemporalOutline.Clock;
import dev.sluice.table.type.TemporalOutline.Order;
import java.util.Arrays;
import java.util.List;

/** Dates and timestamps in one pattern of fixed width, years 1 to 9999 of the proleptic Gregorian calendar. */
final class TemporalParser extends CellParser {
    static final String DOUBT = "no value tells the day from the month";

    private static final int DATE_LENGTH = 10;
    private static final int HOUR_AT = 11;

    private final TemporalOutline outline;
    private final boolean hasTime;
    private final boolean seconds;
    private final int fractionDigits;
    private final byte between;
    private final byte[] zone;
    private final long offsetMicros;
    private final int length;
    private final byte separator;
    private final int yearAt;
    private final int monthAt;
    private final int dayAt;
    private final int separator1At;
    private final int separator2At;

    // The least of each tells whether a padded one was seen.
    private int leastDay = Integer.MAX_VALUE;
    private int leastMonth = Integer.MAX_VALUE;
    private int leastHour = Integer.MAX_VALUE;

    private TemporalParser(TemporalOutline outline) {
        this.outline = outline;
        Clock clock = outline.clock();
        hasTime = clock != null;
        seconds = hasTime && clock.seconds();
        fractionDigits = hasTime ? clock.fractionDigits() : 0;
        between = (byte) (hasTime ? outline.between().charAt(0) : 0);
        zone = outline.zone().getBytes(US_ASCII);
        offsetMicros = outline.offsetMicros();
        int timeLength =
                hasTime ? " HH:mm".length() + (seconds ? 3 : 0) + (fractionDigits == 0 ? 0 : 1 + fractionDigits) : 0;
        length = DATE_LENGTH + timeLength + zone.length;
        separator = (byte) outline.first().charAt(0);
        boolean yearFirst = outline.order() == Order.YMD;
        yearAt = yearFirst ? 0 : 6;
        monthAt = yearFirst ? 5 : outline.order() == Order.DMY ? 3 : 0;
        dayAt = yearFirst ? 8 : outline.order() == Order.DMY ? 0 : 3;
        separator1At = yearFirst ? 4 : 2;
        separator2At = yearFirst ? 7 : 5;
    }

    /**
     * Parsers for every pattern of fixed width that the cell has the outline of: none, one, or two that differ in day and
     * month.
     */
    static List<CellParser> of(byte[] b, int off, int len) {
        return TemporalOutline.of(b, off, len).stream()
                .filter(TemporalParser::fixed)
                .map(TemporalParser::new)
                .filter(parser -> parser.length == len)
                .map(CellParser.class::cast)
                .toList();
    }

    private static boolean fixed(TemporalOutline outline) {
        return outline.order() != null
                && !outline.named()
                && outline.between().length() <= 1
                && (outline.clock() == null || outline.clock().halfDay() == null);
    }

    @Override
    public boolean accept(byte[] b, int off, int len) {
        if (len != length
                || b[off + separator1At] != separator
                || b[off + separator2At] != separator
                || !Gregorian.digits(b, off + yearAt, 4)
                || !Gregorian.digits(b, off + monthAt, 2)
                || !Gregorian.digits(b, off + dayAt, 2)) {
            return false;
        }
        int year = Gregorian.number(b, off + yearAt) * 100 + Gregorian.number(b, off + yearAt + 2);
        int month = Gregorian.number(b, off + monthAt);
        int day = Gregorian.number(b, off + dayAt);
        int date = Gregorian.days(year, month, day);
        if (date == Gregorian.NONE) {
            return false;
        }
        if (!hasTime) {
            value = date;
        } else {
            long time = time(b, off + DATE_LENGTH);
            if (time < 0 || !Arrays.equals(zone, 0, zone.length, b, off + length - zone.length, off + length)) {
                return false;
            }
            value = date * Gregorian.DAY + time - offsetMicros;
            leastHour = Math.min(leastHour, Gregorian.number(b, off + HOUR_AT));
        }
        leastDay = Math.min(leastDay, day);
        leastMonth = Math.min(leastMonth, month);
        return true;
    }

    /** Microseconds of the day; -1 if it is no time in this format. */
    private long time(byte[] b, int at) {
        if (b[at] != between
                || b[at + 3] != ':'
                || !Gregorian.digits(b, at + 1, 2)
                || !Gregorian.digits(b, at + 4, 2)) {
            return -1;
        }
        int hour = Gregorian.number(b, at + 1);
        int second = 0;
        long micros = 0;
        if (seconds) {
            if (b[at + 6] != ':' || !Gregorian.digits(b, at + 7, 2)) {
                return -1;
            }
            second = Gregorian.number(b, at + 7);
            if (fractionDigits > 0) {
                if (b[at + 9] != '.' || !Gregorian.digits(b, at + 10, fractionDigits)) {
                    return -1;
                }
                micros = Gregorian.micros(b, at + 10, fractionDigits);
            }
        }
        return Gregorian.time(hour, Gregorian.number(b, at + 4), second, micros);
    }

    @Override
    List<CellParser> others(byte[] b, int off, int len) {
        PatternParser loose = PatternParser.after(outline, leastDay, leastMonth, leastHour);
        return loose.accept(b, off, len) ? List.of(loose) : List.of();
    }

    @Override
    String doubt() {
        return DOUBT;
    }

    @Override
    ColumnVector.Layout layout() {
        return outline.layout();
    }

    @Override
    public ColumnType type() {
        return outline.type("dd", "MM", "HH", "");
    }

    @Override
    public int alignment() {
        return hasTime ? 8 : 4;
    }
}
