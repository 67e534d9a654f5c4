package dev.sluice.query;

/** The operators that compare an operand with a value. Those of containers and ranges are for JSON, or for no type there is. */
enum Operator {
    EQ("=", true),
    NEQ("<>", false),
    GT(">", true),
    GTE(">=", true),
    LT("<", true),
    LTE("<=", true),
    LIKE("LIKE", true),
    ILIKE("ILIKE", true),
    MATCH("~", true),
    IMATCH("~*", true),
    ISDISTINCT("IS DISTINCT FROM", false),
    CS("@>", false),
    CD("<@", false),
    OV("&&", false),
    SL("<<", false),
    SR(">>", false),
    NXL("&>", false),
    NXR("&<", false),
    ADJ("-|-", false);

    private final String sql;
    private final boolean quantifiable;

    Operator(String sql, boolean quantifiable) {
        this.sql = sql;
        this.quantifiable = quantifiable;
    }

    String sql() {
        return sql;
    }

    /** Whether {@code (any)} and {@code (all)} may stand behind it. */
    boolean isQuantifiable() {
        return quantifiable;
    }

    /** Whether {@code *} stands for {@code %}, which would have to be escaped in a URL. */
    boolean hasWildcards() {
        return this == LIKE || this == ILIKE;
    }

    /** Whether its value is a text, whatever it is compared with. */
    boolean takesText() {
        return hasWildcards() || takesPattern();
    }

    /** Whether its value is a regular expression. */
    boolean takesPattern() {
        return this == MATCH || this == IMATCH;
    }
}
