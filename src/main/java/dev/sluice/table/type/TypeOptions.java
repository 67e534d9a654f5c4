package dev.sluice.table.type;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What whoever sends a table says of its types.
 *
 * @param pins the names of types that columns have whatever their cells are, by column
 * @param byValue whether numbers are taken by their value: {@code +5}, {@code 007} and {@code 1E5} are numbers
 * @param dateOrder which number of a date is which where no cell tells; {@code null} to leave such columns text
 */
public record TypeOptions(Map<String, String> pins, boolean byValue, DateOrder dateOrder) {
    /** The types that a column can be pinned to. */
    public static final List<String> TYPES = List.of(
            ColumnType.Bool.NAME,
            ColumnType.BigInt.NAME,
            ColumnType.Numeric.NAME,
            ColumnType.DoublePrecision.NAME,
            ColumnType.Date.NAME,
            ColumnType.Time.NAME,
            ColumnType.Timestamp.NAME,
            ColumnType.TimestampTz.NAME,
            ColumnType.Uuid.NAME,
            ColumnType.Text.NAME);

    private static final String BY_VALUE = "values";

    public TypeOptions {
        pins = Map.copyOf(pins);
    }

    /** Nothing: cells decide. */
    public static TypeOptions none() {
        return new TypeOptions(Map.of(), false, null);
    }

    /** The order of day, month and year. */
    public enum DateOrder {
        DMY,
        MDY,
        YMD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads the options' texts.
     *
     * @param types such as {@code zip:text,fee:numeric}, {@code values}, or both; {@code null} for none
     * @throws IllegalArgumentException if it is something else
     */
    public static TypeOptions of(String types, DateOrder dateOrder) {
        Map<String, String> pins = new HashMap<>();
        boolean byValue = false;
        for (String item : types == null ? new String[0] : types.split(",", -1)) {
            int colon = item.lastIndexOf(':');
            if (item.equals(BY_VALUE)) {
                byValue = true;
            } else if (colon < 1 || !TYPES.contains(item.substring(colon + 1))) {
                throw new IllegalArgumentException("'" + item + "' is not column:type; types are " + TYPES + ".");
            } else if (pins.put(item.substring(0, colon), item.substring(colon + 1)) != null) {
                throw new IllegalArgumentException("Column '" + item.substring(0, colon) + "' is given two types.");
            }
        }
        return new TypeOptions(pins, byValue, dateOrder);
    }

    /** The type that a column is pinned to by its name in SQL, or else by its label; {@code null} if it is not. */
    public String pin(String name, String label) {
        return pins.getOrDefault(name, pins.get(label));
    }

    /** Equal for options that make the same table of the same cells; empty if there are none. */
    @Override
    public String toString() {
        String types = pins.entrySet().stream()
                .map(pin -> " " + pin.getKey() + ":" + pin.getValue())
                .sorted()
                .collect(Collectors.joining());
        return (byValue ? " " + BY_VALUE : "") + types + (dateOrder == null ? "" : " dateOrder=" + dateOrder);
    }
}
