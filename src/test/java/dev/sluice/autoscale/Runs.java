package dev.sluice.autoscale;

import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/** The same scenario with several seeds, which differ in arrivals and in where in their periods the autoscaler and the metrics are. */
record Runs(List<Outcome> outcomes) {
    static Runs of(long seed, int count, LongFunction<Outcome> run) {
        return new Runs(
                LongStream.range(seed, seed + count).parallel().mapToObj(run).toList());
    }

    private double[] sorted(ToDoubleFunction<Outcome> what) {
        return outcomes.stream().mapToDouble(what).sorted().toArray();
    }

    double median(ToDoubleFunction<Outcome> what) {
        double[] sorted = sorted(what);
        return sorted[(sorted.length - 1) / 2];
    }

    /** The median, and the least and the greatest, with so many decimals. */
    String range(ToDoubleFunction<Outcome> what, int decimals) {
        double[] sorted = sorted(what);
        String number = "%,." + decimals + "f";
        return String.format(
                Locale.ROOT,
                number + " (" + number + " to " + number + ")",
                median(what),
                sorted[0],
                sorted[sorted.length - 1]);
    }
}
