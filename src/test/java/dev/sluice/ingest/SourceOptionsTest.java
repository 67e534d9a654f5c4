package dev.sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.format.Dialect;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceOptionsTest {

    private static SourceOptions of(String name, String value) {
        return SourceOptions.of(Map.of(name, List.of(value)));
    }

    @Test
    void withoutOptionsTheDialectIsFoundOut() {
        SourceOptions options = SourceOptions.of(Map.of());

        assertThat(options.dialect()).isNull();
        assertThat(options.maxRejects()).isEqualTo(1000);
    }

    @Test
    void dialectCanBeGiven() {
        assertThat(of("delimiter", ";").dialect()).isEqualTo(new Dialect((byte) ';', (byte) '"'));
        assertThat(of("delimiter", "tab").dialect()).isEqualTo(new Dialect((byte) '\t', (byte) '"'));
        assertThat(of("format", "tsv").dialect()).isEqualTo(new Dialect((byte) '\t', (byte) '"'));
        assertThat(of("quote", "'").dialect()).isEqualTo(new Dialect((byte) ',', (byte) '\''));
    }

    @Test
    void badRowsCanFailTheIngest() {
        assertThat(of("onBadRow", "fail").maxRejects()).isZero();
        assertThat(of("maxRejects", "7").maxRejects()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nope=1",
                "delimiter=ab",
                "delimiter=",
                "delimiter=é",
                "delimiter=\"",
                "delimiter=\n",
                "quote=,x",
                "maxRejects=-1",
                "maxRejects=10001",
                "maxRejects=x",
                "onBadRow=maybe",
                "header=maybe",
                "encoding=klingon",
                "format=docx"
            })
    void unknownOptionsAndValuesAreRefused(String option) {
        String[] parts = option.split("=", 2);

        assertThatThrownBy(() -> of(parts[0], parts[1]))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OPTION_INVALID));
    }

    @Test
    void anOptionStandsOnce() {
        assertThatThrownBy(() -> SourceOptions.of(Map.of("delimiter", List.of(",", ";"))))
                .hasMessageContaining("2 times");
    }
}
