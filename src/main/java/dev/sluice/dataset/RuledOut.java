package dev.sluice.dataset;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Why a column does not have a type.
 *
 * @param type the name of the type
 * @param row 1-based number of the record that ruled it out
 * @param value the cell's text
 * @param reason what the value alone does not say; {@code null} if the value says it all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RuledOut(String type, long row, String value, String reason) {}
