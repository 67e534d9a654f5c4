package dev.sluice.table;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Labels of a source to names of columns: lower snake case, at most {@link #MAX_BYTES} bytes, unique, beginning with a
 * letter, and neither a system column of PostgreSQL nor a word of the reading dialect.
 */
public final class SqlNames {
    /** PostgreSQL's longest identifier. */
    public static final int MAX_BYTES = 63;

    private static final Set<String> RESERVED = Set.of(
            "ctid",
            "xmin",
            "xmax",
            "cmin",
            "cmax",
            "tableoid",
            "select",
            "order",
            "limit",
            "offset",
            "and",
            "or",
            "not",
            "on_conflict",
            "columns");

    private static final Pattern NAME = Pattern.compile("\\p{L}[\\p{L}\\p{Nd}\\p{Mn}\\p{Mc}_]*");

    private SqlNames() {}

    /** Whether {@link #of} could give that name to a column. */
    public static boolean isName(String name) {
        return name != null
                && NAME.matcher(name).matches()
                && !RESERVED.contains(name)
                && name.getBytes(UTF_8).length <= MAX_BYTES;
    }

    /** One name for each label, in their order. */
    public static List<String> of(List<String> labels) {
        List<String> names = new ArrayList<>(labels.size());
        Set<String> taken = new HashSet<>();
        for (String label : labels) {
            String name = name(label, names.size() + 1);
            String unique = name;
            for (int n = 2; !taken.add(unique); n++) {
                String suffix = "_" + n;
                unique = cut(name, MAX_BYTES - suffix.length()) + suffix;
            }
            names.add(unique);
        }
        return names;
    }

    private static String name(String label, int position) {
        String snake = snakeCase(Normalizer.normalize(label, Normalizer.Form.NFKC));
        if (snake.isEmpty()) {
            return "column_" + position;
        }
        String name = Character.isLetter(snake.codePointAt(0)) ? snake : "c_" + snake;
        return cut(RESERVED.contains(name) ? name + "_" : name, MAX_BYTES);
    }

    private static String snakeCase(String text) {
        StringBuilder out = new StringBuilder();
        int[] cs = text.codePoints().toArray();
        for (int i = 0; i < cs.length; i++) {
            int c = cs[i];
            int type = Character.getType(c);
            if (type == Character.FORMAT) {
                continue; // invisible and inside of words: joiners of Indic and Persian scripts, soft hyphens
            }
            boolean isMark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
            if (!Character.isLetterOrDigit(c) && !isMark) {
                underscore(out);
                continue;
            }
            boolean wordStart = Character.isUpperCase(c)
                    && i > 0
                    && (Character.isLowerCase(cs[i - 1])
                            || Character.isUpperCase(cs[i - 1])
                                    && i + 1 < cs.length
                                    && Character.isLowerCase(cs[i + 1]));
            if (wordStart) {
                underscore(out);
            }
            out.append(Character.toString(c).toLowerCase(Locale.ROOT));
        }
        int end = out.length();
        while (end > 0 && out.charAt(end - 1) == '_') {
            end--;
        }
        return out.substring(0, end);
    }

    private static void underscore(StringBuilder out) {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != '_') {
            out.append('_');
        }
    }

    private static String cut(String name, int bytes) {
        StringBuilder out = new StringBuilder();
        int used = 0;
        for (int c : name.codePoints().toArray()) {
            String character = Character.toString(c);
            used += character.getBytes(UTF_8).length;
            if (used > bytes) {
                break;
            }
            out.append(character);
        }
        return out.toString();
    }
}
