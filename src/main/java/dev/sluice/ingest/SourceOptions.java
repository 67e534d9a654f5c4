package dev.sluice.ingest;

import dev.sluice.dataset.Indexed;
import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.format.Dialect;
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
 * @param format {@code csv} or {@code tsv}; absent to take the delimiter that fits best
 * @param delimiter absent to find it out
 * @param maxRejects so many records or cells may be kept out
 * @param types what it says of types
 * @param indexed which columns are to have an index
 */
record SourceOptions(
        String format, Character delimiter, char quote, int maxRejects, TypeOptions types, Indexed indexed) {
    static final int DEFAULT_MAX_REJECTS = 1000;

    /** Rejects are kept in memory until the load's end. */
    static final int MOST_REJECTS = 10_000;

    private static final Set<String> NAMES = Set.of(
            "format",
            "delimiter",
            "quote",
            "header",
            "encoding",
            "maxRejects",
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
        oneOf(parameters, "header", "true");
        oneOf(parameters, "encoding", "UTF-8");
        String format = oneOf(parameters, "format", "csv", "tsv");
        Character delimiter = character(parameters, "delimiter");
        Character quote = character(parameters, "quote");
        boolean fail = "fail".equals(oneOf(parameters, "onBadRow", "reject", "fail"));
        SourceOptions options = new SourceOptions(
                format,
                delimiter == null && "tsv".equals(format) ? Character.valueOf('\t') : delimiter,
                quote == null ? (char) Dialect.DEFAULT_QUOTE : quote,
                fail ? 0 : maxRejects(parameters),
                types(parameters),
                Indexed.ofOption(value(parameters, "index")));
        options.dialect();
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

    /** The dialect asked for; {@code null} if it is to be found out. */
    Dialect dialect() {
        try {
            if (delimiter == null) {
                return quote == Dialect.DEFAULT_QUOTE ? null : new Dialect((byte) ',', (byte) quote);
            }
            return new Dialect((byte) delimiter.charValue(), (byte) quote);
        } catch (IllegalArgumentException e) {
            throw invalid(e.getMessage());
        }
    }

    /** What of them decides the table that a content becomes: equal for options that read it the same way. */
    String reading() {
        return "delimiter=" + (delimiter == null ? "" : delimiter) + " quote=" + quote + types + indexed.reading();
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

    private static int maxRejects(Map<String, List<String>> parameters) {
        String text = value(parameters, "maxRejects");
        if (text == null) {
            return DEFAULT_MAX_REJECTS;
        }
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > MOST_REJECTS) {
            throw invalid("Option 'maxRejects' is a number from 0 to " + MOST_REJECTS + ".");
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
