package dev.sluice.table.type;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a column of dates or timestamps is written. As text it is a pattern of {@link
 * java.time.format.DateTimeFormatter}, its zone a literal: {@code dd/MM/yyyy}, {@code yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}.
 *
 * @param order of day, month and year
 * @param separator between them
 * @param between the character between date and time; 0 if there is no time
 * @param seconds whether times have seconds
 * @param fractionDigits of the seconds, 0 to 6
 * @param zone the offset as every cell writes it; empty if there is none
 */
public record TemporalFormat(
        Order order, char separator, char between, boolean seconds, int fractionDigits, String zone) {

    /** The order of the three parts of a date. */
    public enum Order {
        YMD("yyyy", "MM", "dd"),
        DMY("dd", "MM", "yyyy"),
        MDY("MM", "dd", "yyyy");

        private final String first;
        private final String second;
        private final String third;

        Order(String first, String second, String third) {
            this.first = first;
            this.second = second;
            this.third = third;
        }

        String pattern(char separator) {
            return first + separator + second + separator + third;
        }
    }

    private static final Pattern TEXT = Pattern.compile(
            "(yyyy|dd|MM)([-/.])(?:MM|dd)[-/.](?:dd|yyyy)(?:( |'T')HH:mm(:ss)?(?:\\.(S{1,6}))?)?(?:'([^']+)')?");

    static TemporalFormat of(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("no format of dates: " + text);
        }
        Order order = switch (m.group(1)) {
            case "yyyy" -> Order.YMD;
            case "dd" -> Order.DMY;
            default -> Order.MDY;
        };
        char between = m.group(3) == null ? 0 : m.group(3).equals(" ") ? ' ' : 'T';
        int fraction = m.group(5) == null ? 0 : m.group(5).length();
        String zone = m.group(6) == null ? "" : m.group(6);
        return new TemporalFormat(order, m.group(2).charAt(0), between, m.group(4) != null, fraction, zone);
    }

    @Override
    public String toString() {
        return date() + time() + (zone.isEmpty() ? "" : "'" + zone + "'");
    }

    private String date() {
        return order.pattern(separator);
    }

    private String time() {
        if (between == 0) {
            return "";
        }
        return (between == ' ' ? " " : "'T'")
                + "HH:mm"
                + (seconds ? ":ss" : "")
                + (fractionDigits == 0 ? "" : "." + "S".repeat(fractionDigits));
    }

    /** The offset of {@link #zone}, in seconds east of UTC. */
    public int offsetSeconds() {
        if (zone.isEmpty() || zone.equals("Z")) {
            return 0;
        }
        int sign = zone.charAt(0) == '-' ? -1 : 1;
        int hours = Integer.parseInt(zone.substring(1, 3));
        int minutes = zone.length() > 3 ? Integer.parseInt(zone.substring(zone.length() - 2)) : 0;
        return sign * (hours * 3600 + minutes * 60);
    }

    /** See {@link ColumnType#sourceText}. */
    String sourceText(String value) {
        String pattern = date().replace("yyyy", "YYYY").replace("dd", "DD");
        if (between != 0) {
            pattern += (between == ' ' ? " " : "\"T\"")
                    + "HH24:MI"
                    + (seconds ? ":SS" : "")
                    + (fractionDigits == 0 ? "" : ".FF" + fractionDigits);
        }
        if (zone.isEmpty()) {
            // of a date there would be a choice, and PostgreSQL's depends on the session's time zone
            return "to_char((" + value + ")::timestamp, '" + pattern + "')";
        }
        String local = value + " AT TIME ZONE INTERVAL '" + offsetSeconds() + " seconds'";
        return "to_char(" + local + ", '" + pattern + "\"" + zone + "\"')";
    }
}
