package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Whether the label of a column could be a cell of it, so that the first record may be no header. */
public enum LabelLook {
    /** It is no value of the column's type: it can only be a label. */
    LABEL,
    /** It says nothing: the column is text, or the label looks like NULL. */
    EITHER,
    /** It looks like the values below it, in their format or in another. */
    CELL;

    /** @param type of the column, found without its label */
    public static LabelLook of(String label, ColumnType type) {
        byte[] b = label.getBytes(UTF_8);
        if (type instanceof ColumnType.Text || NullToken.of(b, 0, b.length, false) != null) {
            return EITHER;
        }
        boolean alike = Look.of(b, 0, b.length).stream()
                .anyMatch(look -> kind(look.type()).equals(kind(type)));
        return alike ? CELL : LABEL;
    }

    /** Integers and decimals are values of one kind. */
    private static String kind(ColumnType type) {
        return switch (type.name()) {
            case ColumnType.BigInt.NAME, ColumnType.DoublePrecision.NAME -> ColumnType.Numeric.NAME;
            default -> type.name();
        };
    }
}
