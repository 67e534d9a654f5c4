package dev.sluice.ingest;

import dev.sluice.dataset.Indexed;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.format.CsvOptions;
import dev.sluice.table.format.Dialect;
import dev.sluice.table.format.Header;
import dev.sluice.table.format.RecordBatch;
import dev.sluice.table.type.TypeOptions;
import dev.sluice.table.type.TypeOptions.DateOrder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a client wants its file read.
 *
 * @param format {@code csv} or {@code tsv}; {@code null} to take the delimiter that fits best
 * @param delimiter {@code null} to find it out
 * @param quote {@link Dialect#NO_QUOTE} for none; {@code null} to find it out
 * @param header what it says of the first record
 * @param quoteLines the most lines of a quoted field that look like records
 * @param rejects how much may be kept out
 * @param types what it says of types
 * @param indexed which columns are to have an index
 */
record SourceOptions(
        String format,
        Character delimiter,
        Character quote,
        Header header,
        int quoteLines,
        RejectLimit rejects,
        TypeOptions types,
        Indexed indexed) {
    /** The largest bound that {@code quoteLines} may set. */
    static final int MOST_QUOTE_LINES = 1_000_000;

    private static final Set<String> NAMES = Set.of(
            "format",
            "delimiter",
            "quote",
            "quoteLines",
            "header",
            "encoding",
            "maxRejects",
            "maxRejectShare",
            "onBadRow",
            "types",
            "dateOrder",
            "index");

    /**
     * Reads query parameters.
     *
     * @throws ProblemException {@code OPTION_INVALID}
     */
    static SourceOptions of(Map<String, List<String>> parameters) {
        parameters.forEach((name, values) -> {
            if (!NAMES.contains(name)) {
                throw invalid("There is no option '" + name + "'; there are "
                        + NAMES.stream().sorted().toList() + ".");
            }
            if (values.size() != 1) {
                throw invalid("Option '" + name + "' is given " + values.size() + " times.");
            }
        });
        oneOf(parameters, "encoding", "UTF-8");
        String format = oneOf(parameters, "format", "csv", "tsv");
        Character delimiter = character(parameters, "delimiter");
        String quote = value(parameters, "quote");
        boolean unquoted = "".equals(quote) || "none".equals(quote);
        boolean fail = "fail".equals(oneOf(parameters, "onBadRow", "reject", "fail"));
        int maxRejects = number(parameters, "maxRejects", RejectLimit.DEFAULT_MOST, 0, RejectLimit.MOST);
        SourceOptions options = new SourceOptions(
                format,
                delimiter == null && "tsv".equals(format) ? Character.valueOf('\t') : delimiter,
                unquoted ? Character.valueOf((char) Dialect.NO_QUOTE) : character(parameters, "quote"),
                header(parameters),
                number(parameters, "quoteLines", CsvOptions.DEFAULT_QUOTE_LINES, 1, MOST_QUOTE_LINES),
                new RejectLimit(fail ? 0 : maxRejects, share(parameters)),
                types(parameters),
                Indexed.ofOption(value(parameters, "index")));
        options.csv(RecordBatch.CAPACITY);
        return options;
    }

    /**
     * Reads options that were given as an object.
     *
     * @throws ProblemException {@code OPTION_INVALID}
     */
    static SourceOptions ofObject(Map<String, String> options) {
        return of(options.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> List.of(e.getValue()))));
    }

    /**
     * How a delimited text is to be read.
     *
     * @param maxRecord the longest record in bytes
     * @throws ProblemException {@code OPTION_INVALID} if the delimiter and the quote are no dialect
     */
    CsvOptions csv(int maxRecord) {
        try {
            return new CsvOptions(ascii(delimiter), ascii(quote), header, quoteLines, maxRecord);
        } catch (IllegalArgumentException e) {
            throw invalid(e.getMessage());
        }
    }

    private static Byte ascii(Character c) {
        return c == null ? null : (byte) c.charValue();
    }

    /**
     * What of them decides the table that a content becomes: equal for options that read it the same way. Versions keep it,
     * so it is written as it always was.
     */
    String reading() {
        char quotes = quote == null ? (char) Dialect.DEFAULT_QUOTE : quote;
        return "delimiter=" + (delimiter == null ? "" : delimiter)
                + " quote=" + (quotes == Dialect.NO_QUOTE ? "" : quotes)
                + (quote != null && quotes == Dialect.DEFAULT_QUOTE ? " quoted" : "")
                + (header == Header.ABSENT ? " header=false" : "")
                + types + indexed.reading();
    }

    private static Header header(Map<String, List<String>> parameters) {
        String text = oneOf(parameters, "header", "auto", "true", "false");
        return switch (text == null ? "auto" : text) {
            case "true" -> Header.PRESENT;
            case "false" -> Header.ABSENT;
            default -> Header.UNSAID;
        };
    }

    private static Double share(Map<String, List<String>> parameters) {
        String text = value(parameters, "maxRejectShare");
        if (text == null) {
            return null;
        }
        if (!text.matches("0(\\.\\d{1,9})?|1(\\.0{1,9})?")) {
            throw invalid("Option 'maxRejectShare' is a number from 0 to 1.");
        }
        return Double.valueOf(text);
    }

    private static TypeOptions types(Map<String, List<String>> parameters) {
        String order = oneOf(parameters, "dateOrder", "dmy", "mdy", "ymd");
        try {
            return TypeOptions.of(
                    value(parameters, "types"),
                    order == null ? null : DateOrder.valueOf(order.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw invalid("Option 'types': " + e.getMessage());
        }
    }

    private static int number(Map<String, List<String>> parameters, String name, int unsaid, int least, int most) {
        String text = value(parameters, name);
        if (text == null) {
            return unsaid;
        }
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw invalid("Option '" + name + "' is a number from " + least + " to " + most + ".");
        }
        return Integer.parseInt(text);
    }

    private static Character character(Map<String, List<String>> parameters, String name) {
        String text = value(parameters, name);
        if (text == null) {
            return null;
        }
        String one = text.equals("tab") ? "\t" : text;
        if (one.length() != 1 || one.charAt(0) > 0x7E) {
            throw invalid("Option '" + name + "' is one ASCII character, or 'tab'.");
        }
        return one.charAt(0);
    }

    private static String oneOf(Map<String, List<String>> parameters, String name, String... allowed) {
        String text = value(parameters, name);
        if (text != null && !List.of(allowed).contains(text)) {
            throw invalid("Option '" + name + "' is " + String.join(" or ", allowed) + ".");
        }
        return text;
    }

    private static String value(Map<String, List<String>> parameters, String name) {
        List<String> values = parameters.get(name);
        return values == null ? null : values.getFirst();
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(ErrorCode.OPTION_INVALID, detail);
    }
}
