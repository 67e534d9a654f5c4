package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PromQlTest {
    private static Map<String, Set<String>> labels(String expression) {
        return PromQl.of(Stream.of(expression)).labels();
    }

    @Test
    void functionsOperatorsStringsAndRangesAreNoMetrics() {
        assertThat(labels(
                        "histogram_quantile(0.9, rate(a:b_total[5m:1m])) > bool 2e3 and absent(c) offset 1h unless d"))
                .containsOnlyKeys("a:b_total", "c", "d");
    }

    @Test
    void labelsAreThoseOfBracesAndOfGroupingsOnEitherSide() {
        assertThat(labels("sum by (x, y) (rate(a{p=\"q{r\", s!~'t'}[$__interval]))"))
                .isEqualTo(Map.of("a", Set.of("p", "s", "x", "y")));
        assertThat(labels("max(a {p=\"\"}) without (x)")).isEqualTo(Map.of("a", Set.of("p", "x")));
        assertThat(labels("a * on (x) group_left (y) b{p=~\"$q\"}"))
                .isEqualTo(Map.of("a", Set.of("x", "y"), "b", Set.of("p", "x", "y")));
    }

    @Test
    void placeholdersOfAnAdapterAreNeither() {
        assertThat(labels("sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)"))
                .isEmpty();
    }

    @Test
    void aMetricOrLabelThatNobodyExposesIsMissingUnlessPrometheusAddsIt() {
        PromQl asked = PromQl.of(Stream.of("sum by (pod, x, y) (a)", "b"));

        assertThat(asked.missing(Map.of("a", Set.of("x"))))
                .containsExactlyInAnyOrder("a has no label y", "There is no metric b");
    }
}
