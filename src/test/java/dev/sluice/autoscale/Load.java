package dev.sluice.autoscale;

import java.util.SplittableRandom;

/**
 * How much arrives: nothing, then a steady rate, a burst of a multiple of it, the steady rate again, and nothing. Arrivals are independent
 * of each other (Poisson), and the same for the same seed.
 *
 * @param steady arrivals a second
 * @param burst how many times as much
 */
record Load(
        double steady,
        double burst,
        double beginsAt,
        double burstAt,
        double burstEndsAt,
        double endsAt,
        double lastsFor) {

    private double rateAt(double time) {
        if (time < beginsAt || time >= endsAt) {
            return 0;
        }
        return time >= burstAt && time < burstEndsAt ? steady * burst : steady;
    }

    private double nextChange(double time) {
        for (double change : new double[] {beginsAt, burstAt, burstEndsAt, endsAt}) {
            if (time < change) {
                return change;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /** When the next one arrives after {@code time}; infinity if none does. */
    double nextArrival(double time, SplittableRandom random) {
        double from = time;
        while (from < Double.POSITIVE_INFINITY) {
            double rate = rateAt(from);
            double next = rate == 0 ? Double.POSITIVE_INFINITY : from - Math.log(1 - random.nextDouble()) / rate;
            if (next < nextChange(from)) {
                return next;
            }
            from = nextChange(from);
        }
        return Double.POSITIVE_INFINITY;
    }
}
