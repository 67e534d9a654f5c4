package dev.sluice.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.harness.Servers;
import dev.sluice.harness.Service;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What processes say of themselves. */
class MetricsIT {
    private static final Pattern LABEL = Pattern.compile("[{,](\\w+)=\"");

    private static Service web;
    private static Service worker;
    private static Set<String> atStart;

    @BeforeAll
    static void start() {
        Map<String, String> configuration = Servers.migratedDatabase();
        web = Service.start("web", configuration);
        worker = Service.start("worker", configuration);
        web.awaitReady();
        worker.awaitReady();
        atStart = ours();
        Service.send(HttpRequest.newBuilder(web.uri("/v1/datasets/unmistakable"))
                .PUT(BodyPublishers.ofString("a\n1\n"))
                .build());
        web.get("/rest/v1/unmistakable?a=eq.1&limit=1");
        web.get("/rest/v1/unmistakable-and-unknown");
        web.get("/nowhere/unmistakable");
    }

    @AfterAll
    static void stop() {
        web.close();
        worker.close();
    }

    private static Stream<String> series() {
        return Stream.of(web, worker)
                .flatMap(p -> p.management().get("/q/metrics").body().lines())
                .filter(l -> !l.startsWith("#"));
    }

    /** Our own series: names and labels. */
    private static Set<String> ours() {
        return series().filter(s -> s.startsWith("sluice_"))
                .map(s -> s.substring(0, s.lastIndexOf(' ')))
                .collect(Collectors.toSet());
    }

    /** The labels of each metric. */
    private static Map<String, Set<String>> exposed() {
        return series().collect(Collectors.groupingBy(
                s -> s.replaceAll("[{ ].*", ""),
                Collectors.flatMapping(s -> LABEL.matcher(s).results().map(m -> m.group(1)), Collectors.toSet())));
    }

    @Test
    void everyMetricAndLabelThatManifestsAskForIsExposed() {
        assumeTrue(Kustomize.isInstalled(), "there is no kubectl");
        Stream<Build> builds = Stream.concat(
                Kustomize.names("overlays").stream().map(Kustomize::overlay),
                Kustomize.names("components").stream().map(Kustomize::base));

        PromQl asked = PromQl.of(Stream.concat(builds.flatMap(Queries::in), Queries.inReadmes()));

        assertThat(asked.missing(exposed())).isEmpty();
        assertThat(asked.labels()).hasSizeGreaterThan(20);
    }

    @Test
    void noMetricNamesADataset() {
        assertThat(series()).noneMatch(s -> s.contains("unmistakable"));
    }

    @Test
    void waitsForConnectionsToPostgresqlAndRedisAreExposed() {
        assertThat(series())
                .anyMatch(s -> s.startsWith("agroal_blocking_time_average_milliseconds{datasource=\"default\""))
                .anyMatch(s -> s.startsWith("agroal_blocking_time_average_milliseconds{datasource=\"reader\""))
                .anyMatch(s -> s.startsWith("redis_pool_queue_delay_seconds_max"));
    }

    @Test
    void nothingThatHappensAddsASeriesOfOurs() {
        assertThat(ours()).contains("sluice_rows_cache_total{result=\"miss\"}").isEqualTo(atStart);
    }
}
