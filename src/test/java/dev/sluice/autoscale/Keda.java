package dev.sluice.autoscale;

/**
 * Scaling by KEDA on what is queued and due plus what runs ("Scaling Deployments" and "ScaledObject specification" of KEDA's documentation): it
 * makes one replica of none, and none when there was nothing to do for the cooldown period; in between, an autoscaler with an external metric
 * of the type {@code AverageValue} decides, and asks KEDA for the metric each time it looks.
 */
final class Keda {
    /** {@code cooldownPeriod}, seconds. */
    private static final double COOLDOWN = 300;

    private final Recommendation recommendation;
    private final Hpa hpa;
    private double lastActive = Double.NEGATIVE_INFINITY;

    /** With {@code minReplicaCount} 0, so that the autoscaler's least is 1. */
    Keda(double targetPerPod, int most) {
        this.recommendation = Recommendation.towards(targetPerPod);
        this.hpa = new Hpa(1, most, ScalingRules.up(), ScalingRules.down());
    }

    /** What KEDA does each {@code pollingInterval}: how many replicas there are to be from now on. */
    int poll(double now, int current, int queuedAndRunning) {
        if (queuedAndRunning > 0) {
            lastActive = now;
            return Math.max(1, current);
        }
        return now > lastActive + COOLDOWN ? 0 : current;
    }

    /** What the autoscaler does each sync period; it leaves a deployment of no replicas alone. */
    int sync(double now, int current, int queuedAndRunning) {
        return current == 0 ? 0 : hpa.decide(now, current, recommendation.forTotal(current, queuedAndRunning));
    }
}
