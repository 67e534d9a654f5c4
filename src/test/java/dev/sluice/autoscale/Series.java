package dev.sluice.autoscale;

import java.util.ArrayList;
import java.util.List;

/** A value over time, one for each step of so many seconds. */
record Series(double step, List<Double> values) {
    static Series empty(double step) {
        return new Series(step, new ArrayList<>());
    }

    void add(double value) {
        values.add(value);
    }

    /** From when on, not before {@code from}, the value is under the bound for so many seconds; the end if it never is. */
    double calmFrom(double from, double bound, double seconds) {
        double calm = from;
        for (int i = (int) Math.round(from / step); i < values.size() && i * step < calm + seconds; i++) {
            if (values.get(i) > bound) {
                calm = (i + 1) * step;
            }
        }
        return calm;
    }

    double highest(double from, double to) {
        int first = (int) Math.round(from / step);
        int last = Math.min(values.size(), (int) Math.round(to / step));
        return values.subList(first, last).stream()
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }
}
