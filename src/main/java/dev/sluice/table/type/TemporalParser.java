package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.table.type.TemporalFormat.Order;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Dates and timestamps in one pattern of fixed width, years 1 to 9999 of the proleptic Gregorian calendar. */
final class TemporalParser extends CellParser {
    private static final int DATE_LENGTH = 10;
    private static final int EPOCH_2000 = (int) LocalDate.of(2000, 1, 1).toEpochDay();
    private static final long MICROS = 1_000_000;
    private static final long DAY = 86_400 * MICROS;
    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    private static final int[] DAYS_IN_MONTH = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private final TemporalFormat format;
    private final byte[] zone;
    private final long offsetMicros;
    private final int length;
    private final int yearAt;
    private final int monthAt;
    private final int dayAt;
    private final int separator1At;
    private final int separator2At;

    private TemporalParser(TemporalFormat format) {
        this.format = format;
        zone = format.zone().getBytes(US_ASCII);
        offsetMicros = format.offsetSeconds() * MICROS;
        length = DATE_LENGTH + timeLength(format) + zone.length;
        boolean yearFirst = format.order() == Order.YMD;
        yearAt = yearFirst ? 0 : 6;
        monthAt = yearFirst ? 5 : format.order() == Order.DMY ? 3 : 0;
        dayAt = yearFirst ? 8 : format.order() == Order.DMY ? 0 : 3;
        separator1At = yearFirst ? 4 : 2;
        separator2At = yearFirst ? 7 : 5;
    }

    private static int timeLength(TemporalFormat f) {
        if (f.between() == 0) {
            return 0;
        }
        return " HH:mm".length() + (f.seconds() ? 3 : 0) + (f.fractionDigits() == 0 ? 0 : 1 + f.fractionDigits());
    }

    /** Parsers for every pattern that the cell has the outline of: none, one, or two that differ in day and month. */
    static List<CellParser> of(byte[] b, int off, int len) {
        if (len < DATE_LENGTH) {
            return List.of();
        }
        boolean yearFirst = digits(b, off, 4);
        int separatorAt = yearFirst ? 4 : 2;
        char separator = (char) b[off + separatorAt];
        if (separator != '-' && separator != '/' && separator != '.') {
            return List.of();
        }
        List<CellParser> parsers = new ArrayList<>(2);
        for (Order order : yearFirst ? List.of(Order.YMD) : List.of(Order.DMY, Order.MDY)) {
            TemporalFormat format = timeOf(new TemporalFormat(order, separator, (char) 0, false, 0, ""), b, off, len);
            if (format != null) {
                parsers.add(new TemporalParser(format));
            }
        }
        return parsers;
    }

    private static TemporalFormat timeOf(TemporalFormat date, byte[] b, int off, int len) {
        if (len == DATE_LENGTH) {
            return date;
        }
        int end = off + len;
        int at = off + DATE_LENGTH;
        byte between = b[at];
        if (between != ' ' && between != 'T' || end - at < 6 || b[at + 3] != ':') {
            return null;
        }
        at += 6;
        boolean seconds = end - at >= 3 && b[at] == ':';
        int fraction = 0;
        if (seconds) {
            at += 3;
            if (end - at >= 2 && b[at] == '.') {
                while (at + 1 + fraction < end && b[at + 1 + fraction] >= '0' && b[at + 1 + fraction] <= '9') {
                    fraction++;
                }
                at += 1 + fraction;
            }
        }
        String zone = new String(b, at, end - at, US_ASCII);
        if (fraction > 6 || !isZone(zone)) {
            return null;
        }
        return new TemporalFormat(date.order(), date.separator(), (char) between, seconds, fraction, zone);
    }

    private static boolean isZone(String zone) {
        if (zone.isEmpty() || zone.equals("Z")) {
            return true;
        }
        boolean sign = zone.charAt(0) == '+' || zone.charAt(0) == '-';
        byte[] z = zone.getBytes(US_ASCII);
        return sign
                && switch (z.length) {
                    case 3 -> digits(z, 1, 2);
                    case 5 -> digits(z, 1, 4) && number(z, 3) < 60;
                    case 6 -> digits(z, 1, 2) && z[3] == ':' && digits(z, 4, 2) && number(z, 4) < 60;
                    default -> false;
                }
                && number(z, 1) <= 15;
    }

    @Override
    public boolean accept(byte[] b, int off, int len) {
        if (len != length
                || b[off + separator1At] != format.separator()
                || b[off + separator2At] != format.separator()
                || !digits(b, off + yearAt, 4)
                || !digits(b, off + monthAt, 2)
                || !digits(b, off + dayAt, 2)) {
            return false;
        }
        int year = number(b, off + yearAt) * 100 + number(b, off + yearAt + 2);
        int month = number(b, off + monthAt);
        int day = number(b, off + dayAt);
        if (year == 0 || month == 0 || month > 12 || day == 0 || day > daysIn(month, year)) {
            return false;
        }
        int date = epochDay(year, month, day) - EPOCH_2000;
        if (format.between() == 0) {
            value = date;
            return true;
        }
        long time = time(b, off + DATE_LENGTH, off + length - zone.length);
        if (time < 0 || !java.util.Arrays.equals(zone, 0, zone.length, b, off + length - zone.length, off + length)) {
            return false;
        }
        value = date * DAY + time - offsetMicros;
        return true;
    }

    /** Microseconds of the day; -1 if it is no time in this format. */
    private long time(byte[] b, int at, int end) {
        if (b[at] != format.between() || b[at + 3] != ':' || !digits(b, at + 1, 2) || !digits(b, at + 4, 2)) {
            return -1;
        }
        int hour = number(b, at + 1);
        int minute = number(b, at + 4);
        int second = 0;
        long fraction = 0;
        if (format.seconds()) {
            if (b[at + 6] != ':' || !digits(b, at + 7, 2)) {
                return -1;
            }
            second = number(b, at + 7);
            if (format.fractionDigits() > 0) {
                if (b[at + 9] != '.' || !digits(b, at + 10, format.fractionDigits())) {
                    return -1;
                }
                for (int i = 0; i < 6; i++) {
                    fraction = fraction * 10 + (at + 10 + i < end ? b[at + 10 + i] - '0' : 0);
                }
            }
        }
        if (hour > 23 || minute > 59 || second > 59) {
            return -1;
        }
        return (hour * 3600L + minute * 60L + second) * MICROS + fraction;
    }

    private static boolean digits(byte[] b, int at, int count) {
        for (int i = at; i < at + count; i++) {
            if (b[i] < '0' || b[i] > '9') {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] b, int at) {
        return (b[at] - '0') * 10 + b[at + 1] - '0';
    }

    private static boolean leap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    private static int daysIn(int month, int year) {
        return month == 2 && leap(year) ? 29 : DAYS_IN_MONTH[month - 1];
    }

    private static int epochDay(int year, int month, int day) {
        int before = year - 1;
        int dayOfYear = DAYS_BEFORE_MONTH[month - 1] + (month > 2 && leap(year) ? 1 : 0) + day;
        return before * 365 + before / 4 - before / 100 + before / 400 + dayOfYear - 719_163;
    }

    @Override
    ColumnVector.Layout layout() {
        return format.between() == 0 ? ColumnVector.Layout.INT4 : ColumnVector.Layout.INT8;
    }

    @Override
    public ColumnType type() {
        if (format.between() == 0) {
            return new ColumnType.Date(format);
        }
        return format.zone().isEmpty() ? new ColumnType.Timestamp(format) : new ColumnType.TimestampTz(format);
    }

    @Override
    public int alignment() {
        return format.between() == 0 ? 4 : 8;
    }
}
