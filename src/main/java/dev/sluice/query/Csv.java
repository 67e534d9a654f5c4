package dev.sluice.query;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** RFC 4180 with line feeds. */
final class Csv {
    private static final Pattern TO_QUOTE = Pattern.compile("[,\"\n\r]");

    private Csv() {}

    /** A line of fields. */
    static String line(List<String> fields) {
        return fields.stream().map(Csv::field).collect(Collectors.joining(",", "", "\n"));
    }

    private static String field(String text) {
        boolean quoted = text.isEmpty() || TO_QUOTE.matcher(text).find();
        return quoted ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
