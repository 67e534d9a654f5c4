package dev.sluice.query;

import dev.sluice.query.Filter.Quantifier;
import dev.sluice.query.Filter.SearchQuery;
import dev.sluice.query.Filter.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads conditions: {@code not.eq.5} behind a column's name, and trees of them,
 * {@code (a.eq.1,or(b.is.null,not.and(c.gt.2,d.in.(3,4))))}.
 */
final class FilterParser {
    /** Conditions in one query. */
    static final int MAX_FILTERS = 100;

    /** Values of one list. */
    static final int MAX_VALUES = 10_000;

    /** Characters of all regular expressions in one query: a long one takes seconds to be understood. */
    static final int MAX_PATTERNS = 256;

    /** Trees within each other. */
    static final int MAX_DEPTH = 200;

    private static final String CONFIGURATION = "[A-Za-z_]{1,63}";
    private static final String AND = "and(";
    private static final String OR = "or(";
    private static final String NOT = "not.";

    private final Relation relation;
    private int count;
    private int patterns;
    private RegularExpression.Size size = new RegularExpression.Size(0, 0);

    /** @param relation whose columns they are about */
    FilterParser(Relation relation) {
        this.relation = relation;
    }

    /** Which of them that word is; {@code null} if none. */
    private static <E extends Enum<E>> E named(String word, E[] values) {
        return Stream.of(values).filter(v -> word(v).equals(word)).findFirst().orElse(null);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Reads what stands behind a column's name, to the end. */
    Filter condition(Operand operand, QueryScanner in) {
        Filter filter = condition(operand, in, QueryScanner::rest);
        in.expectEnd();
        return filter;
    }

    /** Reads what stands behind {@code and=}, {@code or=} and the same with {@code not.}. */
    Filter tree(String word, QueryScanner in) {
        boolean negated = word.startsWith(NOT);
        in.expect("(");
        Filter tree = members(word.endsWith("and"), in, 1);
        in.expectEnd();
        return negated ? new Filter.Not(tree) : tree;
    }

    private Filter members(boolean and, QueryScanner in, int depth) {
        if (depth > MAX_DEPTH) {
            throw QueryException.tooMuch("Conditions stand within each other " + MAX_DEPTH + " deep at most.");
        }
        List<Filter> members = new ArrayList<>();
        do {
            in.skipBlanks();
            members.add(member(in, depth));
            in.skipBlanks();
        } while (in.takes(","));
        in.expect(")");
        return and ? new Filter.And(members) : new Filter.Or(members);
    }

    private Filter member(QueryScanner in, int depth) {
        if (in.sees(NOT + AND) || in.sees(NOT + OR)) {
            in.takes(NOT);
            return new Filter.Not(member(in, depth));
        }
        if (in.takes(AND)) {
            return members(true, in, depth + 1);
        }
        if (in.takes(OR)) {
            return members(false, in, depth + 1);
        }
        Operand operand = relation.operand(in);
        in.expect(".");
        return condition(operand, in, FilterParser::valueInTree);
    }

    private static String valueInTree(QueryScanner in) {
        if (in.sees("\"")) {
            return in.quoted();
        }
        if (in.sees("{")) {
            String array = in.until("}");
            in.expect("}");
            return array + "}";
        }
        return in.until(",)");
    }

    private Filter condition(Operand operand, QueryScanner in, Function<QueryScanner, String> value) {
        if (in.takes(NOT)) {
            if (in.sees(NOT)) {
                throw in.error("'not' stands once");
            }
            return new Filter.Not(condition(operand, in, value));
        }
        if (++count > MAX_FILTERS) {
            throw QueryException.tooMuch("A query has at most " + MAX_FILTERS + " conditions.");
        }
        String word = in.until(".(,)");
        Operator operator = named(word, Operator.values());
        if (operator != null) {
            Quantifier quantifier = operator.isQuantifiable() && in.takes("(") ? quantifier(in) : null;
            in.expect(".");
            String compared = value.apply(in);
            if (operator.takesPattern()) {
                checkPatterns(compared, quantifier, operator == Operator.IMATCH);
            }
            return new Filter.Compare(operand, operator, quantifier, compared);
        }
        SearchQuery search = named(word, SearchQuery.values());
        if (search != null) {
            String configuration = in.takes("(") ? configuration(in) : null;
            in.expect(".");
            return new Filter.Search(operand, search, configuration, value.apply(in));
        }
        if (word.equals("in") && in.takes(".")) {
            return new Filter.In(operand, list(in));
        }
        if (word.equals("is") && in.takes(".")) {
            Truth truth = named(in.until(",)").strip().toLowerCase(Locale.ROOT), Truth.values());
            if (truth == null) {
                throw in.error("'is' is followed by null, not_null, true, false or unknown");
            }
            return new Filter.Is(operand, truth);
        }
        throw in.error("there is no operator '" + word + "'");
    }

    private void checkPatterns(String compared, Quantifier quantifier, boolean ignoresCase) {
        patterns += compared.length();
        if (patterns > MAX_PATTERNS) {
            throw QueryException.tooMuch("Regular expressions have at most " + MAX_PATTERNS + " characters.");
        }
        for (String pattern : quantifier == null ? List.of(compared) : RegularExpression.elements(compared)) {
            size = size.plus(RegularExpression.size(pattern, ignoresCase));
        }
        if (size.isTooLarge()) {
            throw QueryException.tooMuch("Regular expressions have at most " + RegularExpression.MOST_CHARACTERS
                    + " characters with their repetitions written out, and " + RegularExpression.MOST_IN_EMPTY
                    + " in repeated groups that may match nothing. A class of characters counts as three.");
        }
    }

    private static Quantifier quantifier(QueryScanner in) {
        Quantifier quantifier = named(in.until(")"), Quantifier.values());
        if (quantifier == null) {
            throw in.error("'any' or 'all' is expected");
        }
        in.expect(")");
        return quantifier;
    }

    private static String configuration(QueryScanner in) {
        String configuration = in.until(")");
        if (!configuration.matches(CONFIGURATION)) {
            throw in.error("the name of a text search configuration is expected");
        }
        in.expect(")");
        return configuration;
    }

    private static List<String> list(QueryScanner in) {
        in.expect("(");
        List<String> values = new ArrayList<>();
        in.skipBlanks();
        if (in.takes(")")) {
            return values;
        }
        do {
            in.skipBlanks();
            values.add(in.sees("\"") ? in.quoted() : in.until(",)"));
            if (values.size() > MAX_VALUES) {
                throw QueryException.tooMuch("A list has at most " + MAX_VALUES + " values.");
            }
        } while (in.takes(","));
        in.expect(")");
        return values;
    }
}
