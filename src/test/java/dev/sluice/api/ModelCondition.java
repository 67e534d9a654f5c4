package dev.sluice.api;

import dev.sluice.api.ModelRow.Column;
import dev.sluice.api.ModelRow.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A condition as a client writes it, and what it means.
 *
 * @param name what stands before the {@code =} where it is a parameter of its own
 * @param value what stands behind it
 * @param inTree what it is within another
 */
record ModelCondition(String name, String value, String inTree, Law law) {
    /** In three values: {@code null} is unknown. */
    interface Law {
        Boolean of(ModelRow row);
    }

    private static final List<String> PATTERNS = List.of("^a", "b$", "a.c", "^$", "[0-9]", "^(a|it)", "\\.", "o");

    ModelQuery.Parameter parameter() {
        return new ModelQuery.Parameter(name, value);
    }

    static ModelCondition random(Random random, int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            return tree(random, depth);
        }
        Column column = ModelRow.COLUMNS.get(random.nextInt(ModelRow.COLUMNS.size()));
        ModelCondition simple = simple(column, random);
        return random.nextInt(4) > 0
                ? simple
                : new ModelCondition(
                        simple.name,
                        "not." + simple.value,
                        simple.inTree.replaceFirst(Pattern.quote(column.name() + "."), column.name() + ".not."),
                        row -> not(simple.law.of(row)));
    }

    private static ModelCondition tree(Random random, int depth) {
        boolean and = random.nextBoolean();
        boolean negated = random.nextInt(3) == 0;
        List<ModelCondition> members = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            members.add(random(random, depth - 1));
        }
        String word = (negated ? "not." : "") + (and ? "and" : "or");
        String list = members.stream().map(ModelCondition::inTree).collect(Collectors.joining(",", "(", ")"));
        return new ModelCondition(word, list, word + list, row -> {
            List<Boolean> values = new ArrayList<>();
            members.forEach(m -> values.add(m.law.of(row)));
            Boolean all = and
                    ? all(values)
                    : not(all(values.stream().map(ModelCondition::not).collect(Collectors.toList())));
            return negated ? not(all) : all;
        });
    }

    private static Boolean not(Boolean value) {
        return value == null ? null : !value;
    }

    private static Boolean all(List<Boolean> values) {
        if (values.contains(false)) {
            return false;
        }
        if (values.contains(null)) {
            return null;
        }
        return true;
    }

    private static Boolean any(List<Boolean> values) {
        return not(all(values.stream().map(ModelCondition::not).collect(Collectors.toList())));
    }

    private static ModelCondition simple(Column column, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> is(column, random);
            case 1 -> in(column, random);
            case 2 -> {
                Object value = column.kind().random(random);
                yield of(column, "isdistinct", text(value), random, row -> !Objects.equals(row.cell(column), value));
            }
            case 3, 4 -> isText(column) ? pattern(column, random) : compare(column, random);
            default -> compare(column, random);
        };
    }

    private static boolean isText(Column column) {
        return column.kind() == Kind.TEXT || column.kind() == Kind.WORD;
    }

    private static ModelCondition is(Column column, Random random) {
        if (column.kind() == Kind.BOOLEAN && random.nextBoolean()) {
            boolean wanted = random.nextBoolean();
            return raw(column, "is." + wanted, row -> Objects.equals(row.cell(column), wanted));
        }
        return random.nextBoolean()
                ? raw(column, "is.null", row -> row.cell(column) == null)
                : raw(column, "is.not_null", row -> row.cell(column) != null);
    }

    private static ModelCondition in(Column column, Random random) {
        List<Object> values = values(column, random, 4);
        String list =
                values.stream().map(v -> quotedIfNeeded(text(v), random)).collect(Collectors.joining(",", "(", ")"));
        return raw(column, "in." + list, row -> equalsAny(row.cell(column), values));
    }

    private static List<Object> values(Column column, Random random, int most) {
        List<Object> values = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            values.add(column.kind().random(random));
        }
        return values;
    }

    private static Boolean equalsAny(Object cell, List<Object> values) {
        if (values.isEmpty()) {
            return false;
        }
        return cell == null ? null : Boolean.valueOf(values.stream().anyMatch(v -> compare(cell, v) == 0));
    }

    @SuppressWarnings("unchecked")
    private static int compare(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }

    private static ModelCondition compare(Column column, Random random) {
        List<String> words =
                column.kind() == Kind.TEXT ? List.of("eq", "neq") : List.of("eq", "neq", "gt", "gte", "lt", "lte");
        String word = words.get(random.nextInt(words.size()));
        BiPredicate<Object, Object> holds = (a, b) -> holds(word, compare(a, b));
        if (!word.equals("neq") && random.nextInt(4) == 0) {
            return quantified(column, word, values(column, random, 3), holds, random);
        }
        Object value = column.kind().random(random);
        return of(column, word, text(value), random, row -> {
            Object cell = row.cell(column);
            return cell == null ? null : Boolean.valueOf(holds.test(cell, value));
        });
    }

    private static boolean holds(String word, int compared) {
        return switch (word) {
            case "eq" -> compared == 0;
            case "neq" -> compared != 0;
            case "gt" -> compared > 0;
            case "gte" -> compared >= 0;
            case "lt" -> compared < 0;
            default -> compared <= 0;
        };
    }

    private static ModelCondition pattern(Column column, Random random) {
        boolean regex = random.nextInt(3) == 0;
        boolean insensitive = random.nextBoolean();
        String word = (insensitive ? "i" : "") + (regex ? "match" : "like");
        Function<Random, Object> pattern = r -> regex ? PATTERNS.get(r.nextInt(PATTERNS.size())) : wildcards(r);
        BiPredicate<Object, Object> matches = (cell, p) -> regex
                ? Pattern.compile((String) p, flags(insensitive))
                        .matcher((String) cell)
                        .find()
                : Pattern.compile(ofLike((String) p), flags(insensitive))
                        .matcher((String) cell)
                        .matches();
        if (random.nextInt(4) == 0) {
            List<Object> patterns = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                patterns.add(pattern.apply(random));
            }
            return quantified(column, word, patterns, matches, random);
        }
        Object value = pattern.apply(random);
        return of(column, word, (String) value, random, row -> {
            Object cell = row.cell(column);
            return cell == null ? null : Boolean.valueOf(matches.test(cell, value));
        });
    }

    private static int flags(boolean insensitive) {
        return insensitive ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
    }

    private static String wildcards(Random random) {
        List<String> parts = List.of("a", "b", "%", "*", "_", "it", "C", "(", ",", "ä", ".");
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            pattern.append(parts.get(random.nextInt(parts.size())));
        }
        return pattern.toString();
    }

    private static String ofLike(String pattern) {
        return pattern.chars()
                .mapToObj(c -> switch (c) {
                    case '%', '*' -> "(?s:.*)";
                    case '_' -> "(?s:.)";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining());
    }

    /** Compares with the values of an array; what is not quoted there must not end it. */
    private static ModelCondition quantified(
            Column column, String word, List<Object> values, BiPredicate<Object, Object> holds, Random random) {
        boolean any = random.nextBoolean();
        String array = values.stream()
                .map(v -> '"' + text(v).replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .collect(Collectors.joining(",", "{", "}"));
        String operator = word + (any ? "(any)" : "(all)");
        boolean plain = array.indexOf('}') == array.length() - 1;
        return new ModelCondition(
                column.name(),
                operator + "." + array,
                column.name() + "." + operator + "." + (plain ? array : quoted(array)),
                row -> {
                    Object cell = row.cell(column);
                    List<Boolean> each = new ArrayList<>();
                    values.forEach(v -> each.add(cell == null ? null : Boolean.valueOf(holds.test(cell, v))));
                    return any ? any(each) : all(each);
                });
    }

    private static ModelCondition raw(Column column, String condition, Law law) {
        return new ModelCondition(column.name(), condition, column.name() + "." + condition, law);
    }

    private static ModelCondition of(Column column, String word, String value, Random random, Law law) {
        return new ModelCondition(
                column.name(),
                word + "." + value,
                column.name() + "." + word + "." + quotedIfNeeded(value, random),
                law);
    }

    private static String text(Object value) {
        return value instanceof java.math.BigDecimal number ? number.toPlainString() : value.toString();
    }

    private static String quotedIfNeeded(String value, Random random) {
        boolean needed = value.isEmpty() || value.chars().anyMatch(c -> ",()\"{}\\".indexOf(c) >= 0);
        return needed || random.nextInt(3) == 0 ? quoted(value) : value;
    }

    private static String quoted(String value) {
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
