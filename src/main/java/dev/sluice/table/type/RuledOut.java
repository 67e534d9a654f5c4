package dev.sluice.table.type;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Why a column does not have a type.
 *
 * @param type the name of the type
 * @param row 1-based number of the record that ruled it out
 * @param value the cell's text, as an {@link Excerpt}
 * @param reason what the value alone does not say; absent if the value says it all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RuledOut(String type, long row, String value, String reason) {
    public RuledOut {
        value = Excerpt.of(value);
    }
}
