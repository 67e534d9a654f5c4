package dev.sluice.table.type;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a column of decimals is written. As text: {@code #} for digits that may be missing, {@code 0} for one that may not:
 * {@code #,##0.#}, {@code 0,#}, {@code .#} where fractions are written {@code .5}.
 *
 * @param group what stands between groups of three digits; empty if digits are not grouped
 * @param point the point or a comma
 * @param leadingZero whether fractions are written {@code 0.5} rather than {@code .5}
 */
public record NumberPattern(String group, char point, boolean leadingZero) {
    static final NumberPattern PLAIN = new NumberPattern("", '.', true);

    private static final Pattern TEXT = Pattern.compile("(?:#([^#0]+)##)?(0|#)?([.,])#");

    /** Digits that a grouped number has at most, as {@code to_char} wants to know. */
    private static final String WHOLE = "FM999,999,999,999,999,990";

    /** @param text {@code null} for {@link #PLAIN} */
    static NumberPattern of(String text) {
        if (text == null) {
            return PLAIN;
        }
        Matcher m = TEXT.matcher(text);
        if (m.matches()) {
            String group = m.group(1) == null ? "" : m.group(1);
            NumberPattern found = new NumberPattern(group, m.group(3).charAt(0), "0".equals(m.group(2)));
            if (text.equals(found.format())) {
                return found;
            }
        }
        throw new IllegalArgumentException("no format of numbers: " + text);
    }

    /** The text of the pattern; {@code null} for {@link #PLAIN}. */
    String format() {
        if (equals(PLAIN)) {
            return null;
        }
        String whole = group.isEmpty() ? leadingZero ? "0" : "" : "#" + group + "##" + (leadingZero ? "0" : "#");
        return whole + point + "#";
    }

    /** An SQL expression for the text of a {@code numeric}. */
    String sourceText(String value) {
        String text = value + "::text";
        if (!group.isEmpty()) {
            text = "(CASE WHEN " + value + " < 0 THEN '-' ELSE '' END || to_char(trunc(abs(" + value + ")), '" + WHOLE
                    + "') || coalesce(substring(" + text + " FROM '[.].*'), ''))";
        }
        if (!group.isEmpty() || point != '.') {
            text = replaced(text, group.isEmpty() ? "." : group, point);
        }
        return leadingZero ? text : "regexp_replace(" + text + ", '^(-?)0([.,])', '\\1\\2')";
    }

    /** An SQL expression for the text of a {@code bigint} of at most 18 digits in groups. */
    static String groupedText(String value, String group) {
        return replaced("to_char(" + value + ", '" + WHOLE + "')", group, '.');
    }

    private static String replaced(String text, String group, char point) {
        return group.equals(",") && point == '.'
                ? text
                : "translate(" + text + ", ',.', '" + group.replace("'", "''") + point + "')";
    }
}
