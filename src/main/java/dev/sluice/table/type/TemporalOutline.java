package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a single cell shows of how a column's dates and times are written. What it need not show, as whether days below 10
 * are padded, is learned from all cells.
 *
 * @param order of day, month and year; {@code null} if there is no date
 * @param named whether months are words
 * @param first what stands between the first two parts of a date
 * @param second what stands between the last two
 * @param between what stands between date and time; empty if either is missing
 * @param clock how times are written; {@code null} if there is none
 * @param zone the offset as every cell writes it; empty if there is none
 */
record TemporalOutline(
        Order order, boolean named, String first, String second, String between, Clock clock, String zone) {

    /** The order of the three parts of a date. */
    enum Order {
        YMD,
        DMY,
        MDY
    }

    /**
     * How times are written.
     *
     * @param fractionDigits of the seconds, 0 to 6
     * @param halfDay what stands before AM and PM; {@code null} for the 24-hour clock
     */
    record Clock(boolean seconds, int fractionDigits, String halfDay) {}

    private static final int LONGEST = "30 September 2024, 10:10:10.123456 AM+05:30".length();
    private static final int MAX_ZONE_HOURS = 15;

    private static final Pattern TEXT = Pattern.compile("(?:(?:\\d{4}(?<y>[-/.])\\d{1,2}\\k<y>\\d{1,2}"
            + "|\\d{1,2}(?<n>[-/.])\\d{1,2}\\k<n>\\d{4}"
            + "|\\d{1,2}(?<d>[-/. ])(?<dm>[A-Za-z]{3,9})\\k<d>\\d{4}"
            + "|(?<mm>[A-Za-z]{3,9}) \\d{1,2}(?<comma>,? )\\d{4})(?<between> |, |T|$))?"
            + "(?<time>\\d{1,2}:\\d\\d(?<seconds>:\\d\\d(?:\\.(?<fraction>\\d{1,6}))?)?(?:(?<gap> ?)[AaPp][Mm])?)?"
            + "(?<zone>Z|[+-]\\d\\d(?::?[0-5]\\d)?)?");

    /** The outlines a cell may have: none, one, or two that differ in day and month. */
    static List<TemporalOutline> of(byte[] b, int off, int len) {
        if (len > LONGEST) {
            return List.of();
        }
        Matcher m = TEXT.matcher(new String(b, off, len, ISO_8859_1));
        if (!m.matches()) {
            return List.of();
        }
        Clock clock = clock(m);
        String between = m.group("between");
        String zone = m.group("zone") == null ? "" : m.group("zone");
        boolean complete = between == null || between.isEmpty()
                ? (clock == null) != (between == null) && zone.isEmpty()
                : clock != null;
        if (!complete || zone.length() > 1 && Integer.parseInt(zone.substring(1, 3)) > MAX_ZONE_HOURS) {
            return List.of();
        }
        List<TemporalOutline> outlines = new ArrayList<>(2);
        if (between == null) {
            outlines.add(new TemporalOutline(null, false, "", "", "", clock, ""));
        } else if (m.group("y") != null) {
            outlines.add(numeric(Order.YMD, m.group("y"), between, clock, zone));
        } else if (m.group("n") != null) {
            outlines.add(numeric(Order.DMY, m.group("n"), between, clock, zone));
            outlines.add(numeric(Order.MDY, m.group("n"), between, clock, zone));
        } else if (m.group("d") != null && MonthName.looksLike(m.group("dm"))) {
            outlines.add(new TemporalOutline(Order.DMY, true, m.group("d"), m.group("d"), between, clock, zone));
        } else if (m.group("mm") != null && MonthName.looksLike(m.group("mm"))) {
            outlines.add(new TemporalOutline(Order.MDY, true, " ", m.group("comma"), between, clock, zone));
        }
        return outlines;
    }

    private static Clock clock(Matcher m) {
        if (m.group("time") == null) {
            return null;
        }
        String fraction = m.group("fraction");
        return new Clock(m.group("seconds") != null, fraction == null ? 0 : fraction.length(), m.group("gap"));
    }

    private static TemporalOutline numeric(Order order, String separator, String between, Clock clock, String zone) {
        return new TemporalOutline(order, false, separator, separator, between, clock, zone);
    }

    /** The column's type, given the letters of the pattern for what the outline leaves open. */
    ColumnType type(String day, String month, String hour, String words) {
        TemporalFormat format =
                TemporalFormat.of(date(day, month) + time(hour) + (zone.isEmpty() ? "" : "'" + zone + "'") + words);
        if (order == null) {
            return new ColumnType.Time(format);
        }
        if (clock == null) {
            return new ColumnType.Date(format);
        }
        return zone.isEmpty() ? new ColumnType.Timestamp(format) : new ColumnType.TimestampTz(format);
    }

    private String date(String day, String month) {
        return switch (order) {
            case null -> "";
            case YMD -> "yyyy" + first + month + second + day;
            case DMY -> day + first + month + second + "yyyy";
            case MDY -> month + first + day + second + "yyyy";
        };
    }

    private String time(String hour) {
        if (clock == null) {
            return "";
        }
        return (between.equals("T") ? "'T'" : between) + hour + ":mm"
                + (clock.seconds() ? ":ss" : "")
                + (clock.fractionDigits() == 0 ? "" : "." + "S".repeat(clock.fractionDigits()))
                + (clock.halfDay() == null ? "" : clock.halfDay() + "a");
    }

    /** Microseconds by which times written so are ahead of UTC. */
    long offsetMicros() {
        return TemporalFormat.offsetSeconds(zone) * Gregorian.MICROS;
    }

    ColumnVector.Layout layout() {
        return clock == null ? ColumnVector.Layout.INT4 : ColumnVector.Layout.INT8;
    }
}
