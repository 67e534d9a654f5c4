package dev.sluice.query;

import java.util.ArrayList;
import java.util.List;

/** Reads {@code (a,b,"c,d")}: in quotes a backslash takes the next character as it is. */
final class ListParser {
    private final String text;
    private int at = 1;

    private ListParser(String text) {
        this.text = text;
    }

    /**
     * The values of a list.
     *
     * @throws dev.sluice.platform.problem.ProblemException {@code QUERY_INVALID}
     */
    static List<String> parse(String text) {
        if (text.length() < 2 || text.charAt(0) != '(' || text.charAt(text.length() - 1) != ')') {
            throw QueryParser.invalid("'in' is followed by a list in parentheses.");
        }
        return text.length() == 2 ? List.of() : new ListParser(text).values();
    }

    private List<String> values() {
        List<String> values = new ArrayList<>();
        int end = text.length() - 1;
        while (true) {
            values.add(at < end && text.charAt(at) == '"' ? quoted(end) : plain(end));
            if (values.size() > QueryParser.MAX_VALUES) {
                throw QueryParser.invalid("A list has at most " + QueryParser.MAX_VALUES + " values.");
            }
            if (at == end) {
                return values;
            }
            at++;
        }
    }

    private String plain(int end) {
        int comma = text.indexOf(',', at);
        int to = comma < 0 || comma > end ? end : comma;
        String value = text.substring(at, to);
        at = to;
        return value;
    }

    private String quoted(int end) {
        StringBuilder value = new StringBuilder();
        for (at++; at < end && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && at + 1 < end) {
                at++;
            }
            value.append(text.charAt(at));
        }
        if (at >= end || ++at < end && text.charAt(at) != ',') {
            throw QueryParser.invalid("A quote in a list is not closed, or text follows it.");
        }
        return value.toString();
    }
}
