package dev.sluice.table.type;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a column of doubles is written. Digits are the shortest that tell the double from its neighbours, as PostgreSQL
 * and Java write them since Ryu (Adams 2018); the format says the rest.
 *
 * <p>As text: a model of the scientific notation ({@code 0e+00}, {@code 0.0E0}), then, if some numbers have no exponent,
 * a comma and the range of decimal exponents in which they have none: {@code 0e+00,fixed -4..15 .0}.
 *
 * @param upperCase {@code E} rather than {@code e}
 * @param plus whether positive exponents carry a plus sign
 * @param exponentDigits at least so many digits in an exponent
 * @param mantissaZero whether a mantissa of one digit is written {@code 1.0}
 * @param fixedMin the least decimal exponent written without exponent
 * @param fixedMax the greatest such; less than {@code fixedMin} if every number has an exponent
 * @param fixedZero whether a whole number without exponent is written {@code 1.0}
 */
public record DoubleFormat(
        boolean upperCase,
        boolean plus,
        int exponentDigits,
        boolean mantissaZero,
        int fixedMin,
        int fixedMax,
        boolean fixedZero) {

    private static final Pattern TEXT =
            Pattern.compile("0(\\.0)?([eE])(\\+)?(0+)(?:,fixed (-?\\d+)\\.\\.(-?\\d+)( \\.0)?)?");

    static DoubleFormat of(String text) {
        Matcher m = TEXT.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("no format of doubles: " + text);
        }
        boolean fixed = m.group(5) != null;
        return new DoubleFormat(
                m.group(2).equals("E"),
                m.group(3) != null,
                m.group(4).length(),
                m.group(1) != null,
                fixed ? Integer.parseInt(m.group(5)) : 0,
                fixed ? Integer.parseInt(m.group(6)) : -1,
                m.group(7) != null);
    }

    @Override
    public String toString() {
        String scientific = "0" + (mantissaZero ? ".0" : "") + (upperCase ? "E" : "e") + (plus ? "+" : "")
                + "0".repeat(exponentDigits);
        return fixedMin > fixedMax
                ? scientific
                : scientific + ",fixed " + fixedMin + ".." + fixedMax + (fixedZero ? " .0" : "");
    }

    String sourceText(String value) {
        return "data.double_text(" + value + ", '" + (upperCase ? "E" : "e") + "', " + plus + ", " + exponentDigits
                + ", " + mantissaZero + ", " + fixedMin + ", " + fixedMax + ", " + fixedZero + ")";
    }
}
