package dev.sluice.platform.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallerTest {
    private static boolean mayUse(String pattern, String dataset) {
        return new Caller("1", "k", Scope.READ, List.of("other", pattern)).mayUse(dataset);
    }

    @ParameterizedTest
    @CsvSource({"a,a", "a*,a", "a*,abc", "*,x", "*c,abc", "a*c,ac", "a*b*c,aXbYc"})
    void aPatternIsForTheseNames(String pattern, String dataset) {
        assertThat(mayUse(pattern, dataset)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"a,ab", "a,b", "a*,ba", "*c,cb", "a*c,acb", "a-b,aXb"})
    void andNotForThese(String pattern, String dataset) {
        assertThat(mayUse(pattern, dataset)).isFalse();
    }

    @Test
    void whoHasNoPatternsMayUseAll() {
        assertThat(Caller.ANYBODY.mayUse("x".repeat(5000))).isTrue();
    }

    /** By the power of its stars a long name would take minutes. */
    @Test
    void aNameThatIsNoneIsNotMatched() {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(mayUse("*a*a*a", "a".repeat(8000) + "b")).isFalse());
    }
}
