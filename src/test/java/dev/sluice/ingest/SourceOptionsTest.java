package dev.sluice.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.platform.problem.ErrorCode;
import dev.sluice.platform.problem.ProblemException;
import dev.sluice.table.format.CsvOptions;
import dev.sluice.table.format.Dialect;
import dev.sluice.table.format.Header;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceOptionsTest {

    private static SourceOptions of(String name, String value) {
        return SourceOptions.of(Map.of(name, List.of(value)));
    }

    private static CsvOptions csv(String name, String value) {
        return of(name, value).csv(1 << 20);
    }

    @Test
    void withoutOptionsTheDialectIsFoundOut() {
        SourceOptions options = SourceOptions.of(Map.of());

        assertThat(options.csv(1 << 20)).isEqualTo(CsvOptions.unknown(1 << 20));
        assertThat(options.rejects()).isEqualTo(new RejectLimit(1000, null));
    }

    @Test
    void dialectCanBeGiven() {
        assertThat(csv("delimiter", ";").delimiter()).isEqualTo((byte) ';');
        assertThat(csv("delimiter", "tab").delimiter()).isEqualTo((byte) '\t');
        assertThat(csv("format", "tsv").delimiter()).isEqualTo((byte) '\t');
        assertThat(csv("quote", "'").quote()).isEqualTo((byte) '\'');
        assertThat(csv("quote", "").quote()).isEqualTo(Dialect.NO_QUOTE);
        assertThat(csv("quoteLines", "1000000").quoteLines()).isEqualTo(1_000_000);
    }

    @Test
    void headerCanBeGiven() {
        assertThat(csv("header", "true").header()).isEqualTo(Header.PRESENT);
        assertThat(csv("header", "false").header()).isEqualTo(Header.ABSENT);
        assertThat(csv("header", "auto").header()).isEqualTo(Header.UNSAID);
    }

    @Test
    void badRowsCanFailTheIngest() {
        assertThat(of("onBadRow", "fail").rejects().most()).isZero();
        assertThat(of("maxRejects", "7").rejects()).isEqualTo(new RejectLimit(7, null));
        assertThat(of("maxRejectShare", "0.25").rejects().share()).isEqualTo(0.25);
        assertThat(of("maxRejectShare", "1").rejects().share()).isEqualTo(1);
    }

    @Test
    void readingIsToldApartByWhatDecidesTheTable() {
        String unsaid = SourceOptions.of(Map.of()).reading();

        assertThat(List.of("header=true", "maxRejects=7", "maxRejectShare=1", "quoteLines=5"))
                .allSatisfy(option -> assertThat(reading(option)).isEqualTo(unsaid));
        assertThat(List.of("header=false", "quote=", "quote=\"", "quote='", "delimiter=;"))
                .allSatisfy(option -> assertThat(reading(option)).isNotEqualTo(unsaid));
    }

    private static String reading(String option) {
        String[] parts = option.split("=", 2);
        return of(parts[0], parts[1]).reading();
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
                "maxRejectShare=1.1",
                "maxRejectShare=-0",
                "maxRejectShare=NaN",
                "maxRejectShare=1e-3",
                "quoteLines=0",
                "quoteLines=1000001",
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
