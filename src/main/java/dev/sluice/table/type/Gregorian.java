package dev.sluice.table.type;

import java.time.LocalDate;

/** Days of the proleptic Gregorian calendar as PostgreSQL counts them, and digits in bytes. */
final class Gregorian {
    static final long MICROS = 1_000_000;
    static final long DAY = 86_400 * MICROS;

    /** Stands for a day there is none of. */
    static final int NONE = Integer.MIN_VALUE;

    private static final int EPOCH_2000 = (int) LocalDate.of(2000, 1, 1).toEpochDay();
    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    private static final int[] DAYS_IN_MONTH = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Gregorian() {}

    /** Days since 2000-01-01; {@link #NONE} if there is no such day in the years 1 to 9999. */
    static int days(int year, int month, int day) {
        if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(month, year)) {
            return NONE;
        }
        int before = year - 1;
        int dayOfYear = DAYS_BEFORE_MONTH[month - 1] + (month > 2 && leap(year) ? 1 : 0) + day;
        return before * 365 + before / 4 - before / 100 + before / 400 + dayOfYear - 719_163 - EPOCH_2000;
    }

    /** Microseconds of the day; -1 if there is no such time. */
    static long time(int hour, int minute, int second, long micros) {
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            return -1;
        }
        return (hour * 3600L + minute * 60L + second) * MICROS + micros;
    }

    private static boolean leap(int year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    private static int daysIn(int month, int year) {
        return month == 2 && leap(year) ? 29 : DAYS_IN_MONTH[month - 1];
    }

    static boolean digits(byte[] b, int at, int count) {
        for (int i = at; i < at + count; i++) {
            if (b[i] < '0' || b[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /** The number that two digits make. */
    static int number(byte[] b, int at) {
        return (b[at] - '0') * 10 + b[at + 1] - '0';
    }

    /** The microseconds that a fraction of a second of 1 to 6 digits makes. */
    static long micros(byte[] b, int at, int count) {
        long micros = 0;
        for (int i = 0; i < 6; i++) {
            micros = micros * 10 + (i < count ? b[at + i] - '0' : 0);
        }
        return micros;
    }
}
