package dev.sluice.autoscale;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table and the picture of a burst of queued ingests. */
record WorkerReport(Options options) {
    /** Seconds that the age of the queue has to be under. */
    private static final double BOUND = 5;

    /** Ingests of 100 MB at 37 MB a second, two queued or running for each worker, from none to 6. */
    private WorkerSettings settings(double polling) {
        return new WorkerSettings(
                new Load(0.1, 10, 60, 360, 960, 1560, 2460), 100.0 / 37, 2, 6, options.number("schedule"), polling);
    }

    void byStartUp() throws IOException {
        List<Plot.Line> ages = new ArrayList<>();
        List<Plot.Line> pods = new ArrayList<>();
        System.out.println(
                "\n| worker | KEDA polls each, s | the very first waits, s | queue's highest age in the burst, s |"
                        + " recovered after, s | over 10 s | most pods | pod-seconds |"
                        + "\n| --- | --- | --- | --- | --- | --- | --- | --- |");
        for (StartUp startUp : options.startUps()) {
            for (int polling : new int[] {15, 30}) {
                Runs runs = options.runs(seed -> WorkerScenario.run(settings(polling), startUp.seconds(), BOUND, seed));
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %d | %s | %s | %s | %s | %s | %s |%n",
                        startUp,
                        polling,
                        runs.range(Outcome::first, 1),
                        runs.range(Outcome::longest, 1),
                        runs.range(Outcome::recovered, 0),
                        runs.range(Outcome::late, 0),
                        runs.range(Outcome::mostPods, 0),
                        runs.range(Outcome::podSeconds, 0));
                if (polling == 15) {
                    Outcome drawn = runs.outcomes().getFirst();
                    ages.add(new Plot.Line(startUp.toString(), drawn.waits()));
                    pods.add(new Plot.Line(startUp.toString(), drawn.pods()));
                }
            }
        }
        options.write(
                "autoscale-worker.svg",
                new Plot(
                        "worker: 6 ingests of 100 MB a minute, 60 from minute 6 to 16, none from 26",
                        List.of(
                                new Plot.Panel("queue's age (s)", 0, 180, ages),
                                new Plot.Panel("queue's age (s)", 330, 630, ages),
                                new Plot.Panel("pods", 0, 2460, pods))));
    }
}
