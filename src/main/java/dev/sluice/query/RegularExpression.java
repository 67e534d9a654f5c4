package dev.sluice.query;

import dev.sluice.platform.problem.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/**
 * How much PostgreSQL makes of a regular expression. It writes repetitions out, and looks for all ways through a repeated group
 * that may match nothing: of 32 characters that can be 177 MB. Reads an advanced regular expression (PostgreSQL manual, section
 * 9.7.3; the lexical rules are those of its {@code regc_lex.c}). Where it must guess it takes more than there is.
 */
final class RegularExpression {
    /** Of all expressions of a query with their repetitions written out: a character counts 1, a class of characters 3. */
    static final int MOST_CHARACTERS = 1_200;

    /** Of those, the ones in repeated groups that may match nothing: PostgreSQL's work grows with their cube. */
    static final int MOST_IN_EMPTY = 100;

    private static final int CLASS = 3;

    private static final String INVALID = "2201B"; // invalid_regular_expression

    /** Escapes for places between characters. */
    private static final String PLACES = "AmMyYZ";

    /** What may stand behind the first parenthesis of an expression, but for those that change its syntax. */
    private static final String OPTIONS = "cimnpstw";

    private final String text;
    private int character;
    private int at;

    private RegularExpression(String text, boolean ignoresCase) {
        this.text = text;
        this.character = ignoresCase ? CLASS : 1;
    }

    /**
     * What an expression comes to.
     *
     * @param characters with its repetitions written out
     * @param inEmpty of those, the ones in repeated groups that may match nothing
     */
    record Size(int characters, int inEmpty) {
        Size plus(Size other) {
            return new Size(sum(characters, other.characters), sum(inEmpty, other.inEmpty));
        }

        boolean isTooLarge() {
            return characters > MOST_CHARACTERS || inEmpty > MOST_IN_EMPTY;
        }
    }

    /** A part of an expression: it may match nothing, or not. */
    private record Part(Size size, boolean mayBeEmpty) {
        private static final Part NOTHING = new Part(new Size(0, 0), true);

        static Part of(int characters, boolean mayBeEmpty) {
            return new Part(new Size(characters, 0), mayBeEmpty);
        }

        Part then(Part next) {
            return new Part(size.plus(next.size), mayBeEmpty && next.mayBeEmpty);
        }

        Part or(Part other) {
            return new Part(size.plus(other.size).plus(new Size(1, 0)), mayBeEmpty || other.mayBeEmpty);
        }

        Part repeated(int times, boolean maybeNot, boolean isGroup) {
            int characters = product(size.characters, times);
            int inEmpty = product(size.inEmpty, times);
            boolean chains = isGroup && mayBeEmpty && times > 1;
            return new Part(
                    new Size(characters, chains ? Math.max(characters, inEmpty) : inEmpty), mayBeEmpty || maybeNot);
        }
    }

    private static int sum(int a, int b) {
        return (int) Math.min(Integer.MAX_VALUE, (long) a + b);
    }

    private static int product(int a, int b) {
        return (int) Math.min(Integer.MAX_VALUE, (long) a * b);
    }

    /**
     * The size of one expression.
     *
     * @throws QueryException if it is none, or is written in another syntax
     */
    static Size size(String text, boolean ignoresCase) {
        RegularExpression expression = new RegularExpression(text, ignoresCase);
        expression.options();
        Part whole = expression.branches();
        if (!expression.isAtEnd()) {
            throw expression.unreadable("a parenthesis is not opened");
        }
        return whole.size;
    }

    /** The elements of an array as PostgreSQL reads one; of an array of arrays, those of all. */
    static List<String> elements(String array) {
        List<String> elements = new ArrayList<>();
        StringBuilder element = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < array.length(); i++) {
            char c = array.charAt(i);
            if (c == '\\' && i + 1 < array.length()) {
                element.append(array.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && "{,}".indexOf(c) >= 0) {
                elements.add(element.toString());
                element.setLength(0);
            } else {
                element.append(c);
            }
        }
        elements.add(element.toString());
        return elements;
    }

    private QueryException unreadable(String why) {
        return new QueryException(
                ErrorCode.QUERY_INVALID,
                INVALID,
                "The regular expression cannot be read at character " + (at + 1) + ": " + why + ".",
                text,
                null);
    }

    private boolean isAtEnd() {
        return at == text.length();
    }

    private boolean takes(String next) {
        if (!text.startsWith(next, at)) {
            return false;
        }
        at += next.length();
        return true;
    }

    private char next() {
        if (isAtEnd()) {
            throw unreadable("it ends too early");
        }
        return text.charAt(at++);
    }

    private void options() {
        if (text.startsWith("***")) {
            throw unreadable("*** changes the syntax, which is not supported");
        }
        if (text.length() > 2 && text.startsWith("(?") && Character.isLetter(text.charAt(2))) {
            at = 2;
            for (char c = next(); c != ')'; c = next()) {
                if (OPTIONS.indexOf(c) < 0) {
                    throw unreadable("the option " + c + " is not supported");
                }
                if (c == 'i') {
                    character = CLASS;
                }
            }
        }
    }

    private Part branches() {
        Part all = branch();
        while (takes("|")) {
            all = all.or(branch());
        }
        return all;
    }

    private Part branch() {
        Part branch = Part.NOTHING;
        while (!isAtEnd() && text.charAt(at) != '|' && text.charAt(at) != ')') {
            branch = branch.then(piece());
        }
        return branch;
    }

    private Part piece() {
        boolean isGroup = text.charAt(at) == '(';
        Part piece = atom();
        while (!isAtEnd()) {
            if (takes("*")) {
                piece = piece.repeated(isGroup ? 2 : 1, true, isGroup);
            } else if (takes("+")) {
                piece = piece.repeated(isGroup ? 2 : 1, false, isGroup);
            } else if (takes("?")) {
                piece = piece.repeated(1, true, isGroup); // or of a repetition, as few as will do
            } else if (text.charAt(at) == '{' && at + 1 < text.length() && isDigit(text.charAt(at + 1))) {
                piece = bounded(piece, isGroup);
            } else {
                break;
            }
        }
        return piece;
    }

    /** PostgreSQL builds what stands before {0} too, and drops it then. An open end is one copy more than the least. */
    private Part bounded(Part piece, boolean isGroup) {
        at++;
        int least = number();
        int most = least;
        if (takes(",")) {
            most = !isAtEnd() && isDigit(text.charAt(at)) ? number() : least + 1;
        }
        if (!takes("}")) {
            throw unreadable("a number of repetitions is expected");
        }
        return piece.repeated(Math.max(most, isGroup && most != least ? 2 : 1), least == 0, isGroup);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private int number() {
        int number = 0;
        while (!isAtEnd() && isDigit(text.charAt(at))) {
            number = Math.min(MOST_CHARACTERS, number * 10 + (next() - '0'));
        }
        return number;
    }

    private Part atom() {
        char c = next();
        return switch (c) {
            case '(' -> group();
            case '[' -> brackets();
            case '\\' -> escape();
            case '.' -> Part.of(CLASS, false);
            case '^', '$' -> Part.of(1, true);
            case '*', '+', '?' -> throw unreadable("there is nothing to repeat");
            default -> Part.of(character, false);
        };
    }

    private Part group() {
        if (takes("?#")) {
            while (next() != ')') {}
            return Part.NOTHING;
        }
        boolean looks = takes("?=") || takes("?!") || takes("?<=") || takes("?<!");
        if (!looks && !takes("?:") && takes("?")) {
            throw unreadable("this kind of group is not supported");
        }
        Part group = branches();
        if (!takes(")")) {
            throw unreadable("a parenthesis is not closed");
        }
        return new Part(group.size.plus(new Size(1, 0)), looks || group.mayBeEmpty);
    }

    /** As one class of characters, whatever is in it. */
    private Part brackets() {
        takes("^");
        takes("]");
        for (char c = next(); c != ']'; c = next()) {
            if (c == '\\') {
                skipEscaped();
            } else if (c == '[' && !isAtEnd() && ".:=".indexOf(text.charAt(at)) >= 0) {
                String end = next() + "]";
                int found = text.indexOf(end, at);
                if (found < 0) {
                    throw unreadable("a class is not closed");
                }
                at = found + end.length();
            }
        }
        return Part.of(CLASS, false);
    }

    /** Digits of a number that an escape begins count as characters, and those behind a group may match nothing as it may. */
    private Part escape() {
        char c = skipEscaped();
        return Part.of(CLASS, PLACES.indexOf(c) >= 0 || isDigit(c));
    }

    private char skipEscaped() {
        char c = next();
        if (c == 'c') {
            next();
        }
        return c;
    }
}
