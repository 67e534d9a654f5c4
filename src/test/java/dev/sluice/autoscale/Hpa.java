package dev.sluice.autoscale;

import java.util.ArrayList;
import java.util.List;

/**
 * From what is recommended to what is done: the sections "Stabilization window" and "Scaling policies" of the page that {@link
 * Recommendation} names, then the least and the most replicas. It remembers what was recommended and done, as the controller does.
 */
final class Hpa {
    private record At(double time, int replicas) {}

    private final int least;
    private final int most;
    private final ScalingRules up;
    private final ScalingRules down;
    private final List<At> recommended = new ArrayList<>();
    private final List<At> changes = new ArrayList<>();

    Hpa(int least, int most, ScalingRules up, ScalingRules down) {
        if (least < 1 || most < least) {
            throw new IllegalArgumentException("not a range of replicas: " + least + " to " + most);
        }
        this.least = least;
        this.most = most;
        this.up = up;
        this.down = down;
    }

    /** How many replicas there are to be from now on. */
    int decide(double now, int current, int recommendation) {
        recommended.add(new At(now, recommendation));
        int stable = Math.min(
                Math.max(current, lowestSince(now - up.stabilizationWindow(), recommendation)),
                highestSince(now - down.stabilizationWindow(), recommendation));
        int allowed = Math.max(Math.min(stable, mostAllowed(now, current)), fewestAllowed(now, current));
        int desired = Math.max(least, Math.min(most, allowed));
        if (desired != current) {
            changes.add(new At(now, desired - current));
        }
        return desired;
    }

    private int lowestSince(double time, int recommendation) {
        return recommended.stream()
                .filter(at -> at.time() > time)
                .mapToInt(At::replicas)
                .min()
                .orElse(recommendation);
    }

    private int highestSince(double time, int recommendation) {
        return recommended.stream()
                .filter(at -> at.time() > time)
                .mapToInt(At::replicas)
                .max()
                .orElse(recommendation);
    }

    private int mostAllowed(double now, int current) {
        return Math.max(
                current,
                up.policies().stream()
                        .mapToInt(policy -> policy.most(replicasAt(now - policy.period(), current)))
                        .max()
                        .orElse(current));
    }

    private int fewestAllowed(double now, int current) {
        return Math.min(
                current,
                down.policies().stream()
                        .mapToInt(policy -> policy.fewest(replicasAt(now - policy.period(), current)))
                        .min()
                        .orElse(current));
    }

    private int replicasAt(double time, int current) {
        return current
                - changes.stream()
                        .filter(at -> at.time() > time)
                        .mapToInt(At::replicas)
                        .sum();
    }
}
