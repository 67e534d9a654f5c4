package dev.sluice.autoscale;

import java.util.List;

/**
 * One direction of the field {@code behavior} of an autoscaler; see "Configurable scaling behavior" on the page that {@link Recommendation}
 * names. The policy that allows the greatest change decides ({@code selectPolicy: Max}).
 *
 * @param stabilizationWindow seconds
 */
record ScalingRules(double stabilizationWindow, List<Policy> policies) {
    /** What a policy counts by. */
    enum Unit {
        PODS,
        PERCENT
    }

    /** By so much at most in any {@code period} seconds. */
    record Policy(Unit unit, int value, double period) {
        /** The most replicas this allows if there were so many when the period began. */
        int most(int atFirst) {
            return unit == Unit.PODS ? atFirst + value : (int) Math.ceil(atFirst * (100 + value) / 100.0);
        }

        /** The fewest. */
        int fewest(int atFirst) {
            return unit == Unit.PODS ? atFirst - value : (int) Math.floor(atFirst * (100 - value) / 100.0);
        }
    }

    /** "Default Behavior": at once, by 4 pods or as many as there are, every 15 seconds. */
    static ScalingRules up() {
        return new ScalingRules(0, List.of(new Policy(Unit.PERCENT, 100, 15), new Policy(Unit.PODS, 4, 15)));
    }

    /** "Default Behavior": to what five minutes did not need, all at once. */
    static ScalingRules down() {
        return new ScalingRules(300, List.of(new Policy(Unit.PERCENT, 100, 15)));
    }
}
