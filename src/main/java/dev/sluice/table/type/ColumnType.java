package dev.sluice.table.type;

import java.util.Objects;

/**
 * The type of a column together with the format of its cells: all that is needed to give a cell's text back.
 *
 * <p>Every type is written to the catalog as {@link #name()} and {@link #format()} and read back by {@link #of}.
 */
public sealed interface ColumnType {

    /** The name in the API. */
    String name();

    /** The type in PostgreSQL. */
    String sqlType();

    /** What the values do not say of their texts; {@code null} if they say it all. */
    default String format() {
        return null;
    }

    /**
     * An SQL expression for the source text of a value; NULL for NULL.
     *
     * @param value an SQL expression of type {@link #sqlType()}, safe to repeat
     */
    String sourceText(String value);

    /**
     * The type that {@link #name()} and {@link #format()} describe.
     *
     * @throws IllegalArgumentException if there is none
     */
    static ColumnType of(String name, String format) {
        return switch (name) {
            case Bool.NAME -> Bool.of(format);
            case BigInt.NAME -> ByValue.FORMAT.equals(format) ? new ByValue(true) : BigInt.of(format);
            case Numeric.NAME ->
                ByValue.FORMAT.equals(format) ? new ByValue(false) : new Numeric(NumberPattern.of(format));
            case DoublePrecision.NAME -> new DoublePrecision(DoubleFormat.of(format));
            case Date.NAME -> new Date(TemporalFormat.of(format));
            case Time.NAME -> new Time(TemporalFormat.of(format));
            case Timestamp.NAME -> new Timestamp(TemporalFormat.of(format));
            case TimestampTz.NAME -> new TimestampTz(TemporalFormat.of(format));
            case Uuid.NAME -> new Uuid(format != null);
            case Text.NAME -> new Text();
            default -> throw new IllegalArgumentException("no type " + name);
        };
    }

    /**
     * Reads a type from a name and a format that no load need have written.
     *
     * @throws IllegalArgumentException if no type has exactly this {@link #name()} and {@link #format()}
     */
    static ColumnType read(String name, String format) {
        try {
            ColumnType type = of(name, format);
            if (type.name().equals(name) && Objects.equals(type.format(), format) && type.sourceText("") != null) {
                return type;
            }
        } catch (RuntimeException e) { // a format that its type cannot read may fail in any way
            throw new IllegalArgumentException("no type " + name, e);
        }
        throw new IllegalArgumentException("no format of type " + name + ": " + format);
    }

    /** The type of that name, of which no cell is known: in the most usual format. */
    static ColumnType of(String name) {
        return of(
                name,
                switch (name) {
                    case Bool.NAME -> "true/false";
                    case DoublePrecision.NAME -> "0e0";
                    case Date.NAME -> "yyyy-MM-dd";
                    case Time.NAME -> "HH:mm:ss";
                    case Timestamp.NAME -> "yyyy-MM-dd HH:mm:ss";
                    case TimestampTz.NAME -> "yyyy-MM-dd HH:mm:ss'Z'";
                    default -> null;
                });
    }

    /** One of two words. The format is {@code yes/no}, whatever the words are. */
    record Bool(String yes, String no) implements ColumnType {
        static final String NAME = "boolean";

        static Bool of(String format) {
            int slash = format.indexOf('/');
            return new Bool(format.substring(0, slash), format.substring(slash + 1));
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String sqlType() {
            return "boolean";
        }

        @Override
        public String format() {
            return yes + "/" + no;
        }

        @Override
        public String sourceText(String value) {
            return "CASE " + value + " WHEN true THEN " + quoted(yes) + " WHEN false THEN " + quoted(no) + " END";
        }

        private static String quoted(String word) {
            return "'" + word.replace("'", "''") + "'";
        }
    }

    /**
     * Integers of 64 bits without leading zeros, plus sign or negative zero.
     *
     * @param group what stands between groups of three digits; empty if digits are not grouped. The format is {@code #,##0}
     */
    record BigInt(String group) implements ColumnType {
        static final String NAME = "bigint";

        private static final String BEFORE_GROUP = "#";
        private static final String BEHIND_GROUP = "##0";

        static BigInt of(String format) {
            if (format == null) {
                return new BigInt("");
            }
            int end = format.length() - BEHIND_GROUP.length();
            if (end <= BEFORE_GROUP.length() || !format.startsWith(BEFORE_GROUP) || !format.endsWith(BEHIND_GROUP)) {
                throw new IllegalArgumentException("no format of integers: " + format);
            }
            return new BigInt(format.substring(BEFORE_GROUP.length(), end));
        }

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String sqlType() {
            return "bigint";
        }

        @Override
        public String format() {
            return group.isEmpty() ? null : BEFORE_GROUP + group + BEHIND_GROUP;
        }

        @Override
        public String sourceText(String value) {
            return group.isEmpty() ? value + "::text" : NumberPattern.groupedText(value, group);
        }
    }

    /** Decimals whose scale PostgreSQL keeps per value. */
    record Numeric(NumberPattern pattern) implements ColumnType {
        static final String NAME = "numeric";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String sqlType() {
            return "numeric";
        }

        @Override
        public String format() {
            return pattern.format();
        }

        @Override
        public String sourceText(String value) {
            return pattern.sourceText(value);
        }
    }

    /** Numbers taken by their value: how they were written is not known. */
    record ByValue(boolean whole) implements ColumnType {
        static final String FORMAT = "by value";

        @Override
        public String name() {
            return whole ? BigInt.NAME : Numeric.NAME;
        }

        @Override
        public String sqlType() {
            return name();
        }

        @Override
        public String format() {
            return FORMAT;
        }

        @Override
        public String sourceText(String value) {
            return value + "::text";
        }
    }

    /** Numbers of which some have an exponent, at most as precise as a double. */
    record DoublePrecision(DoubleFormat numbers) implements ColumnType {
        static final String NAME = "double";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String sqlType() {
            return "double precision";
        }

        @Override
        public String format() {
            return numbers.toString();
        }

        @Override
        public String sourceText(String value) {
            return numbers.sourceText(value);
        }
    }

    /** Days. */
    record Date(TemporalFormat pattern) implements ColumnType {
        static final String NAME = "date";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String sqlType() {
            return "date";
        }

        @Override
        public String format() {
            return pattern.toString();
        }

        @Override
        public String sourceText(String value) {
            // of a date there would be a choice, and PostgreSQL's depends on the session's time zone
            return pattern.sourceText("(" + value + ")::timestamp");
        }
    }

    /** Times of the day. */
    record Time(TemporalFormat pattern) implements ColumnType {
        static final String NAME = "time";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String sqlType() {
            return "time";
        }

        @Override
        public String format() {
            return pattern.toString();
        }

        @Override
        public String sourceText(String value) {
            return pattern.sourceText("DATE '2000-01-01' + " + value);
        }
    }

    /** Days and times without a zone. */
    record Timestamp(TemporalFormat pattern) implements ColumnType {
        static final String NAME = "timestamp";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String sqlType() {
            return "timestamp";
        }

        @Override
        public String format() {
            return pattern.toString();
        }

        @Override
        public String sourceText(String value) {
            return pattern.sourceText(value);
        }
    }

    /** Instants, all written with the same offset from UTC. */
    record TimestampTz(TemporalFormat pattern) implements ColumnType {
        static final String NAME = "timestamptz";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String sqlType() {
            return "timestamptz";
        }

        @Override
        public String format() {
            return pattern.toString();
        }

        @Override
        public String sourceText(String value) {
            return pattern.sourceText(value + " AT TIME ZONE INTERVAL '" + pattern.offsetSeconds() + " seconds'");
        }
    }

    /** UUIDs in their canonical form, in one letter case. */
    record Uuid(boolean upperCase) implements ColumnType {
        static final String NAME = "uuid";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String sqlType() {
            return "uuid";
        }

        @Override
        public String format() {
            return upperCase ? "A-F" : null;
        }

        @Override
        public String sourceText(String value) {
            return upperCase ? "upper(" + value + "::text)" : value + "::text";
        }
    }

    /** The cell itself. An unquoted empty cell is NULL, a quoted one is the empty string. */
    record Text() implements ColumnType {
        static final String NAME = "text";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public String sqlType() {
            return "text";
        }

        @Override
        public String sourceText(String value) {
            return value;
        }
    }
}
