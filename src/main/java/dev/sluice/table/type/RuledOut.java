package dev.sluice.table.type;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Why a column does not have a type.
 *
 * @param type the name of the type
 * @param row 1-based number of the record that ruled it out
 * @param value the cell's text, shortened to at most {@link #MAX_VALUE} characters
 * @param reason what the value alone does not say; absent if the value says it all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RuledOut(String type, long row, String value, String reason) {
    public static final int MAX_VALUE = 200;

    public RuledOut {
        value = value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE) + "…";
    }
}
