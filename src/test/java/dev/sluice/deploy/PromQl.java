package dev.sluice.deploy;

import static java.util.stream.Collectors.toSet;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What expressions of <a href="https://prometheus.io/docs/prometheus/latest/querying/basics/">PromQL</a> ask for: metrics, each
 * with the labels in its braces and in the groupings of its expression. Templates of Grafana and of an adapter may be in them.
 */
record PromQl(Map<String, Set<String>> labels) {
    /** Strings, ranges, templates. */
    private static final Pattern VALUE =
            Pattern.compile("\"(\\\\.|[^\"])*\"|'(\\\\.|[^'])*'|\\[[^]]*]|<<.*?>>|\\$\\w+");

    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");

    private static final Pattern NAME = Pattern.compile("(?<![\\w.:])[A-Za-z_:][\\w:]*+");
    private static final Pattern METRIC = Pattern.compile("(" + NAME + ")\\s*+(?!\\()(\\{[^}]*})?");
    private static final Set<String> OPERATORS =
            Set.of("and", "or", "unless", "offset", "bool", "group_left", "group_right");

    /** What Prometheus adds to what a pod exposes, as its operator sets it up. */
    private static final Set<String> ADDED = Set.of("namespace", "pod", "container", "endpoint", "job", "instance");

    static PromQl of(Stream<String> expressions) {
        Map<String, Set<String>> labels = new HashMap<>();
        expressions.forEach(expression -> {
            String bare = VALUE.matcher(expression).replaceAll("");
            String ungrouped = GROUPING.matcher(bare).replaceAll("");
            Set<String> grouped = GROUPING.matcher(bare)
                    .results()
                    .flatMap(m -> names(m.group(2)))
                    .collect(toSet());
            METRIC.matcher(ungrouped)
                    .results()
                    .filter(m -> !OPERATORS.contains(m.group(1)))
                    .forEach(m -> {
                        Set<String> of = labels.computeIfAbsent(m.group(1), _ -> new HashSet<>());
                        of.addAll(grouped);
                        names(m.group(2)).forEach(of::add);
                    });
        });
        return new PromQl(labels);
    }

    private static Stream<String> names(String text) {
        return NAME.matcher(text == null ? "" : text).results().map(MatchResult::group);
    }

    /**
     * What of it there is not.
     *
     * @param exposed the labels of each metric that there is
     */
    List<String> missing(Map<String, Set<String>> exposed) {
        return labels.entrySet().stream()
                .flatMap(asked -> exposed.containsKey(asked.getKey())
                        ? asked.getValue().stream()
                                .filter(label -> !ADDED.contains(label)
                                        && !exposed.get(asked.getKey()).contains(label))
                                .map(label -> asked.getKey() + " has no label " + label)
                        : Stream.of("There is no metric " + asked.getKey()))
                .toList();
    }
}
