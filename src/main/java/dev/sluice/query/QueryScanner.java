package dev.sluice.query;

/** Reads the text of one parameter from left to right. */
final class QueryScanner {
    private static final int SHOWN = 40;

    private final String parameter;
    private final String text;
    private int at;

    QueryScanner(String parameter, String text) {
        this.parameter = parameter;
        this.text = text;
    }

    boolean isAtEnd() {
        return at == text.length();
    }

    /** Whether that comes next. */
    boolean sees(String next) {
        return text.startsWith(next, at);
    }

    /** Takes that if it comes next. */
    boolean takes(String next) {
        if (!sees(next)) {
            return false;
        }
        at += next.length();
        return true;
    }

    void expect(String next) {
        if (!takes(next)) {
            throw error("'" + next + "' is expected");
        }
    }

    void expectEnd() {
        if (!isAtEnd()) {
            throw error("nothing more is expected");
        }
    }

    void skipBlanks() {
        while (takes(" ")) {}
    }

    /** All that is left. */
    String rest() {
        String rest = text.substring(at);
        at = text.length();
        return rest;
    }

    /** What comes before any of those characters, or the end. */
    String until(String stops) {
        int from = at;
        while (!isAtEnd() && stops.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(from, at);
    }

    /** A name: in quotes, or all before what can stand behind one. At least one character. */
    String name() {
        if (sees("\"")) {
            return quoted();
        }
        int from = at;
        while (!isAtEnd() && ",.:()\"".indexOf(text.charAt(at)) < 0 && !sees("->")) {
            at++;
        }
        String name = text.substring(from, at).strip();
        if (name.isEmpty()) {
            throw error("a name is expected");
        }
        return name;
    }

    /** A text in quotes, in which a backslash takes the next character as it is. */
    String quoted() {
        expect("\"");
        StringBuilder value = new StringBuilder();
        while (!takes("\"")) {
            takes("\\");
            if (isAtEnd()) {
                throw error("a quote is not closed");
            }
            value.append(text.charAt(at++));
        }
        return value.toString();
    }

    /** That it cannot be read from here on. */
    QueryException error(String why) {
        String before = text.substring(Math.max(0, at - SHOWN), at);
        String after = text.substring(at, Math.min(text.length(), at + SHOWN));
        return QueryException.unreadable(
                "'" + parameter + "' cannot be read at character " + (at + 1) + ": " + why + ".",
                before + "\u2038" + after);
    }
}
