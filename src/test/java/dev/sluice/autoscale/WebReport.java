package dev.sluice.autoscale;

import dev.sluice.autoscale.ScalingRules.Policy;
import dev.sluice.autoscale.ScalingRules.Unit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables and the picture of a burst of requests. */
record WebReport(Options options) {
    /** Seconds that the p99 has to be under. */
    private static final double BOUND = 0.1;

    /** As {@code kubernetes/base} says it: 70 % of 500m, from 2 to 20. A process does 957 small reads a second. */
    private WebSettings deployed() {
        return new WebSettings(
                new Load(600, 10, 0, 120, 720, 1320, 1320),
                1.0 / 957,
                10_000,
                0.35,
                2,
                20,
                ScalingRules.up(),
                options.number("schedule"),
                options.number("probe"));
    }

    private Runs runs(WebSettings settings, StartUp startUp) {
        return options.runs(seed -> WebScenario.run(settings, startUp.seconds(), BOUND, seed));
    }

    void byStartUp() throws IOException {
        List<Plot.Line> waits = new ArrayList<>();
        List<Plot.Line> refusals = new ArrayList<>();
        List<Plot.Line> pods = new ArrayList<>();
        System.out.println(
                "| web | recovered after, s | refused, thousand | over 1 s, thousand | most pods | pod-seconds |\n"
                        + "| --- | --- | --- | --- | --- | --- |");
        for (StartUp startUp : options.startUps()) {
            Runs runs = runs(deployed(), startUp);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %s |%n",
                    startUp,
                    runs.range(Outcome::recovered, 0),
                    runs.range(outcome -> outcome.refused() / 1000.0, 0),
                    runs.range(outcome -> outcome.late() / 1000.0, 0),
                    runs.range(Outcome::mostPods, 0),
                    runs.range(Outcome::podSeconds, 0));
            Outcome drawn = runs.outcomes().getFirst();
            waits.add(new Plot.Line(startUp.toString(), drawn.waits()));
            refusals.add(new Plot.Line(startUp.toString(), drawn.refusals()));
            pods.add(new Plot.Line(startUp.toString(), drawn.pods()));
        }
        options.write(
                "autoscale-web.svg",
                new Plot(
                        "web: 600 requests a second, 6,000 from minute 2 to minute 12",
                        List.of(
                                new Plot.Panel("wait, p99 (s)", 90, 240, waits),
                                new Plot.Panel("refused (1/s)", 90, 240, refusals),
                                new Plot.Panel("pods", 90, 240, pods),
                                new Plot.Panel("pods", 0, 1320, pods))));
    }

    private Map<String, WebSettings> changes() {
        WebSettings deployed = deployed();
        ScalingRules faster =
                new ScalingRules(0, List.of(new Policy(Unit.PERCENT, 400, 15), new Policy(Unit.PODS, 10, 15)));
        Map<String, WebSettings> changes = new LinkedHashMap<>();
        changes.put("nothing", deployed);
        changes.put("a pod is placed in 10 s", deployed.withSchedule(10));
        changes.put("a readiness probe each second", deployed.withProbePeriod(1));
        changes.put("10 pods or 400 % each 15 s", deployed.withUp(faster));
        changes.put("target 35 %, at most 40 pods", deployed.withTarget(0.175).withMost(40));
        changes.put("at least 4 pods", deployed.withLeast(4));
        changes.put("at least 7 pods", deployed.withLeast(7));
        return changes;
    }

    /** With the slowest start and with the fastest. */
    void byWhatIsChanged() {
        StartUp slow = options.startUps().getFirst();
        StartUp fast = options.startUps().getLast();
        System.out.printf(
                "%n| web: what is changed | recovered after, s: %s | %s | refused, thousand: %s | %s | pod-seconds: %s |%n"
                        + "| --- | --- | --- | --- | --- | --- |%n",
                slow.name(), fast.name(), slow.name(), fast.name(), fast.name());
        changes().forEach((what, settings) -> {
            Runs slowRuns = runs(settings, slow);
            Runs fastRuns = runs(settings, fast);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %.0f | %.0f | %,.0f |%n",
                    what,
                    slowRuns.range(Outcome::recovered, 0),
                    fastRuns.range(Outcome::recovered, 0),
                    slowRuns.median(outcome -> outcome.refused() / 1000.0),
                    fastRuns.median(outcome -> outcome.refused() / 1000.0),
                    fastRuns.median(Outcome::podSeconds));
        });
    }
}
