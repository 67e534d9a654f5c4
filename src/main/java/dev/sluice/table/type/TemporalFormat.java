package dev.sluice.table.type;

import dev.sluice.table.type.TypeOptions.DateOrder;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a column of dates or times is written, as a pattern of {@link java.time.format.DateTimeFormatter} in English, its
 * zone a literal: {@code dd/MM/yyyy}, {@code yyyy-MM-dd'T'HH:mm:ss.SSS'Z'}, {@code MMM d, yyyy h:mm a}. Words are
 * written as {@code Jan} and {@code AM} unless the pattern ends in what stands for them: {@code dd-MMM-yyyy (JAN)}, {@code
 * MMM d, yyyy h:mm a (jan, am)}.
 *
 * @param toChar the pattern as PostgreSQL's {@code to_char} has it
 * @param offsetSeconds the offset written with every value, in seconds east of UTC
 */
public record TemporalFormat(String pattern, String toChar, int offsetSeconds) {
    private static final Pattern TEXT = Pattern.compile(
            "(?<pieces>(?:[A-Za-z/.:,-]|'T'| (?!\\())++)(?:'(?<zone>[-+:0-9Z]+)')?(?: \\((?<words>[A-Za-z, ]+)\\))?");

    /** @throws IllegalArgumentException if it is no such pattern */
    public static TemporalFormat of(String pattern) {
        Matcher parts = TEXT.matcher(pattern);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no format of dates and times: " + pattern);
        }
        String zone = parts.group("zone");
        String text = toChar(parts.group("pieces"), Objects.requireNonNullElse(parts.group("words"), ""));
        return zone == null
                ? new TemporalFormat(pattern, text, 0)
                : new TemporalFormat(pattern, text + "\"" + zone + "\"", offsetSeconds(zone));
    }

    @Override
    public String toString() {
        return pattern;
    }

    /** The order of day, month and year, if it has them as numbers. */
    DateOrder order() {
        int year = pattern.indexOf('y');
        int month = pattern.indexOf('M');
        int day = pattern.indexOf('d');
        return year < month && month < day ? DateOrder.YMD : day < month ? DateOrder.DMY : DateOrder.MDY;
    }

    static int offsetSeconds(String zone) {
        if (zone.isEmpty() || zone.equals("Z")) {
            return 0;
        }
        int sign = zone.charAt(0) == '-' ? -1 : 1;
        int hours = Integer.parseInt(zone.substring(1, 3));
        int minutes = zone.length() > 3 ? Integer.parseInt(zone.substring(zone.length() - 2)) : 0;
        return sign * (hours * 3600 + minutes * 60);
    }

    /**
     * An SQL expression for the text of a time, whatever the settings of the session.
     *
     * @param timestamp an SQL expression of type {@code timestamp}
     */
    String sourceText(String timestamp) {
        return "to_char(" + timestamp + ", '" + toChar + "')";
    }

    private static String toChar(String pieces, String words) {
        StringBuilder sql = new StringBuilder();
        for (int at = 0, end; at < pieces.length(); at = end) {
            end = endOfPiece(pieces, at);
            sql.append(pieceToChar(pieces.substring(at, end), words));
        }
        return sql.toString();
    }

    private static int endOfPiece(String pieces, int from) {
        char first = pieces.charAt(from);
        if (first == '\'') {
            return from + "'T'".length();
        }
        int end = from + 1;
        while (Character.isLetter(first) && end < pieces.length() && pieces.charAt(end) == first) {
            end++;
        }
        return end;
    }

    private static String pieceToChar(String piece, String words) {
        return switch (piece) {
            case "yyyy" -> "YYYY";
            case "MM" -> "MM";
            case "M" -> "FMMM";
            case "MMM" -> words.contains("JAN") ? "MON" : words.contains("jan") ? "mon" : "Mon";
            case "MMMM" -> words.contains("JAN") ? "FMMONTH" : words.contains("jan") ? "FMmonth" : "FMMonth";
            case "dd" -> "DD";
            case "d" -> "FMDD";
            case "HH" -> "HH24";
            case "H" -> "FMHH24";
            case "hh" -> "HH12";
            case "h" -> "FMHH12";
            case "mm" -> "MI";
            case "ss" -> "SS";
            case "S", "SS", "SSS", "SSSS", "SSSSS", "SSSSSS" -> "FF" + piece.length();
            case "a" -> words.contains("am") ? "am" : "AM";
            case "'T'" -> "\"T\"";
            case "-", "/", ".", ":", ",", " " -> piece;
            default -> throw new IllegalArgumentException("no field of dates and times: " + piece);
        };
    }
}
