package dev.sluice.autoscale;

import java.util.List;

/**
 * How many replicas a metric asks for: the section "Algorithm details" of Kubernetes' page "Horizontal Pod Autoscaling"
 * (https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/#algorithm-details). Where pods are set aside in a
 * scale down, the controller's source multiplies by the pods that were counted, the documentation by all; this follows the documentation.
 *
 * @param target what a pod should use on average
 * @param tolerance how far from 1 the ratio of use and target may be with nothing done
 * @param initialReadinessDelay {@code --horizontal-pod-autoscaler-initial-readiness-delay} in seconds
 * @param initializationPeriod {@code --horizontal-pod-autoscaler-cpu-initialization-period} in seconds
 */
record Recommendation(double target, double tolerance, double initialReadinessDelay, double initializationPeriod) {
    /** With what the documentation gives as defaults: 0.1, 30 s and 5 minutes. */
    static Recommendation towards(double target) {
        return new Recommendation(target, 0.1, 30, 300);
    }

    /** For a resource of pods, such as CPU. */
    int forPods(double now, int current, List<PodStatus> pods) {
        double used = 0;
        int counted = 0;
        int notYetReady = 0;
        int withoutMetric = 0;
        for (PodStatus pod : pods) {
            switch (pod.standing(now, initialReadinessDelay, initializationPeriod)) {
                case COUNTED -> {
                    used += pod.sample().orElseThrow().value();
                    counted++;
                }
                case NOT_YET_READY -> notYetReady++;
                case WITHOUT_METRIC -> withoutMetric++;
            }
        }
        if (counted == 0) {
            return current;
        }
        double first = used / (counted * target);
        if (first < 1) {
            used += withoutMetric * target;
        }
        double ratio = used / ((counted + withoutMetric + (first > 1 ? notYetReady : 0)) * target);
        boolean turned = (first - 1) * (ratio - 1) < 0;
        return turned || isTolerable(ratio) ? current : roundedUp(current * ratio);
    }

    /** For an external metric with a target of the type {@code AverageValue}: pods play no part in it. */
    int forTotal(int current, double total) {
        return isTolerable(total / (target * current)) ? current : roundedUp(total / target);
    }

    /** Kubernetes counts in whole thousandths: what is over by less than binary fractions can say is not over. */
    private static int roundedUp(double replicas) {
        return (int) Math.ceil(replicas - 1e-9);
    }

    private boolean isTolerable(double ratio) {
        return Math.abs(1 - ratio) <= tolerance;
    }
}
