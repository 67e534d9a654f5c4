package dev.sluice.table.type;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelLookTest {

    @ParameterizedTest
    @CsvSource({
        "2019, 1, CELL",
        "007, 1, CELL",
        "1.5, 1, CELL",
        "'1,5', 2.5, CELL",
        "-3, 1e5, CELL",
        "31/12/2024, 2024-01-31, CELL",
        "05/01/2024, 2024-01-31, CELL",
        "10:15, 9:05, CELL",
        "yes, true, CELL",
        "2024-01-31, 1, LABEL",
        "1, 2024-01-31, LABEL",
        "id, 1, LABEL",
        "q1 2024, 1.5, LABEL",
        "day, 2024-01-31, LABEL",
        "anything, text, EITHER",
        "2019, text, EITHER",
        "'', 1, EITHER",
        "NA, 1, EITHER"
    })
    void labelIsComparedWithTheCellsBelowIt(String label, String cell, LabelLook expected) {
        ColumnTyper typer = new ColumnTyper();
        byte[] b = cell.getBytes(UTF_8);
        typer.observe(1, b, 0, b.length, false);
        typer.decide();

        assertThat(LabelLook.of(label, typer.type())).isEqualTo(expected);
    }
}
