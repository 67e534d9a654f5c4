package dev.sluice.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Where manifests, and the READMEs of components, ask Prometheus. */
final class Queries {
    private static final Pattern VALUES = Pattern.compile("label_values\\((.+), *(\\w+)\\)");
    private static final Pattern LEGEND = Pattern.compile("\\{\\{(\\w+)}}");
    private static final Pattern YAML = Pattern.compile("(?s)```yaml\n(.+?)```");

    private Queries() {}

    static Stream<String> in(Build build) {
        Stream<String> alerts = build.of("PrometheusRule").flatMap(r -> r.findValuesAsText("expr").stream());
        Stream<String> dashboards = build.of("ConfigMap")
                .filter(m -> m.at("/metadata/labels").has("grafana_dashboard"))
                .flatMap(m -> StreamSupport.stream(m.path("data").spliterator(), false))
                .flatMap(text -> inDashboard(parsed(text.asText())));
        Stream<String> scaled = build.of("HorizontalPodAutoscaler")
                .flatMap(a -> a.findValues("metric").stream())
                .map(metric -> metric.path("name").asText());
        return Stream.of(alerts, dashboards, scaled).flatMap(s -> s);
    }

    /** A legend and a list of values name labels as a grouping does. */
    private static Stream<String> inDashboard(JsonNode dashboard) {
        Stream<String> variables = StreamSupport.stream(
                        dashboard.at("/templating/list").spliterator(), false)
                .flatMap(v -> VALUES.matcher(v.at("/query/query").asText()).results())
                .map(m -> m.group(1) + " by (" + m.group(2) + ")");
        Stream<String> panels = dashboard.findParents("expr").stream()
                .map(target -> target.path("expr").asText()
                        + LEGEND.matcher(target.path("legendFormat").asText())
                                .results()
                                .map(m -> m.group(1))
                                .collect(Collectors.joining(", ", " by (", ")")));
        return Stream.concat(variables, panels);
    }

    /** The rules that an adapter needs. */
    static Stream<String> inReadmes() {
        return Kustomize.names("components").stream()
                .flatMap(component -> YAML.matcher(readme(component)).results())
                .map(MatchResult::group)
                .map(block -> parsed(block.replace("```yaml", "").replace("```", "")))
                .flatMap(rules ->
                        Stream.of("seriesQuery", "metricsQuery").flatMap(key -> rules.findValuesAsText(key).stream()));
    }

    private static String readme(String component) {
        try {
            return Files.readString(Kustomize.ROOT.resolve("components/" + component + "/README.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** JSON is YAML too. */
    private static JsonNode parsed(String text) {
        try {
            return Models.YAML.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
