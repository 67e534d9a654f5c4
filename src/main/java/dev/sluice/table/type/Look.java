package dev.sluice.table.type;

import java.util.ArrayList;
import java.util.List;

/** What a column might be, judged by its first value alone. */
final class Look {
    private Look() {}

    /**
     * Parsers of the narrowest type that the cell looks like, whether or not it is a lossless value of it: none for
     * text, several for a date of which either number may be the day, and for a number whose only comma or point may be
     * the decimal one or not.
     */
    static List<CellParser> of(byte[] b, int off, int len) {
        CellParser words = BooleanParser.of(b, off, len);
        if (words != null) {
            return List.of(words);
        }
        if (UuidParser.looksLike(b, off, len)) {
            return List.of(new UuidParser());
        }
        List<CellParser> looks = new ArrayList<>(2);
        CellParser number = number(b, off, len);
        if (number != null) {
            looks.add(number);
        } else {
            looks.addAll(TemporalParser.of(b, off, len));
        }
        if (looks.isEmpty()) {
            looks.addAll(PatternParser.of(b, off, len));
        }
        if (looks.isEmpty() || number instanceof NumericParser) {
            looks.addAll(LocalNumberParser.of(LocalNumberParser.Before.NOTHING, b, off, len));
        }
        return looks;
    }

    /** Parsers of a type that was asked for which accept the cell: none if it is not of that type. */
    static List<CellParser> pinned(String type, boolean byValue, byte[] b, int off, int len) {
        CellParser asked = switch (type) {
            case ColumnType.Text.NAME -> new TextParser();
            case ColumnType.Bool.NAME -> BooleanParser.ofDigits(b, off, len);
            case ColumnType.BigInt.NAME -> byValue ? new ValueParser(true) : null;
            case ColumnType.Numeric.NAME -> byValue ? new ValueParser(false) : null;
            default -> null;
        };
        return asked != null && asked.accept(b, off, len)
                ? List.of(asked)
                : asPinned(type, of(b, off, len), b, off, len);
    }

    /** What some parsers are, or widen to, of a type that was asked for, as far as it accepts the cell. */
    static List<CellParser> asPinned(String type, List<CellParser> looks, byte[] b, int off, int len) {
        if (type.equals(ColumnType.BigInt.NAME) && !looks.isEmpty() && looks.getFirst() instanceof NumericParser) {
            return List.of(); // a point alone is a decimal point
        }
        List<CellParser> pinned = new ArrayList<>(2);
        for (CellParser look : looks) {
            CellParser parser = look;
            while (!parser.type().name().equals(type) && !(parser instanceof TextParser)) {
                parser = parser.widened();
            }
            if (parser.type().name().equals(type) && parser.accept(b, off, len)) {
                pinned.add(parser);
            }
        }
        return pinned;
    }

    private static CellParser number(byte[] b, int off, int len) {
        int end = off + len;
        int i = off;
        if (b[i] == '-' || b[i] == '+') {
            i++;
        }
        int start = i;
        i = skipDigits(b, i, end);
        int digits = i - start;
        boolean point = i < end && b[i] == '.';
        if (point) {
            start = ++i;
            i = skipDigits(b, i, end);
            digits += i - start;
        }
        if (digits == 0) {
            return null;
        }
        if (i == end) {
            return point ? new NumericParser() : new BigIntParser();
        }
        if ((b[i] | 0x20) != 'e') {
            return null;
        }
        i++;
        if (i < end && (b[i] == '-' || b[i] == '+')) {
            i++;
        }
        return i < end && skipDigits(b, i, end) == end ? new DoubleParser() : null;
    }

    private static int skipDigits(byte[] b, int from, int end) {
        int i = from;
        while (i < end && b[i] >= '0' && b[i] <= '9') {
            i++;
        }
        return i;
    }
}
