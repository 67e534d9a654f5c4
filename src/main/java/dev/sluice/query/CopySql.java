package dev.sluice.query;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * A query as COPY, which takes no parameters: its values are settings of the transaction, and are read from there. Whatever
 * a client wrote is bound all the same.
 *
 * @param query whose first columns are a row's text
 * @param columns of it that are the text
 * @param isCsv whether they are the fields of a line of CSV; else there is one, an object
 * @param numbered whether another column behind them is the row's number
 */
record CopySql(RowsSql query, int columns, boolean isCsv, boolean numbered) {
    /** Stands around objects with line breaks; no text of JSON has this character, nor {@link #SEPARATOR}. */
    static final byte QUOTE = 1;

    private static final byte SEPARATOR = 2;

    private static final String VALUE = "sluice.v";

    static CopySql csv(RowsQuery query, Relation relation, boolean asInSource) {
        return new CopySql(
                RowsSql.fields(query, relation, asInSource), query.outputs().size(), true, !query.isGrouped());
    }

    static CopySql objects(RowsQuery query, Relation relation, boolean withoutNulls) {
        return new CopySql(RowsSql.json(query, relation, withoutNulls), 1, false, !query.isGrouped());
    }

    /** The same, of which PostgreSQL breaks off at a row that has more bytes. */
    CopySql within(long rowBytes) {
        return new CopySql(query.within(rowBytes, columns, numbered), columns, isCsv, numbered);
    }

    /** What stands before the number. */
    byte delimiter() {
        return isCsv ? (byte) ',' : SEPARATOR;
    }

    String sql() {
        String format = isCsv ? "csv" : "csv, QUOTE E'\\x01', DELIMITER E'\\x02'";
        return "COPY (" + withSettings() + ") TO STDOUT (FORMAT " + format + ")";
    }

    /** Parameters stand where no name and no text is. */
    private String withSettings() {
        StringBuilder sql = new StringBuilder();
        int values = 0;
        char quote = 0;
        for (char c : query.sql().toCharArray()) {
            if (c == '?' && quote == 0) {
                String value = "current_setting('" + VALUE + values + "')";
                sql.append(query.values().get(values) instanceof Long ? "CAST(" + value + " AS bigint)" : value);
                values++;
                continue;
            }
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) { // a doubled one ends it and begins it again
                quote = 0;
            }
            sql.append(c);
        }
        return sql.toString();
    }

    /** Sets the values until the transaction ends, and how long a statement may take until then. */
    PreparedStatement settings(Connection connection, Duration limit) throws SQLException {
        PreparedStatement settings = connection.prepareStatement("""
                SELECT set_config('statement_timeout', ?, true), (
                  SELECT count(set_config(name, value, true)) FROM unnest(?::text[], ?::text[]) AS s(name, value))""");
        settings.setString(1, Long.toString(limit.toMillis()));
        settings.setArray(
                2,
                connection.createArrayOf(
                        "text",
                        IntStream.range(0, query.values().size())
                                .mapToObj(i -> VALUE + i)
                                .toArray()));
        settings.setArray(
                3,
                connection.createArrayOf(
                        "text", query.values().stream().map(Object::toString).toArray()));
        return settings;
    }
}
