package dev.sluice.autoscale;

import java.util.Optional;

/**
 * What the autoscaler knows of one pod when it looks.
 *
 * @param startedAt when the pod's status got its start time; nothing while it is pending
 * @param ready whether the pod is ready
 * @param changedAt when it became what {@code ready} says
 * @param sample its latest metric; nothing if there is none yet
 */
record PodStatus(Optional<Double> startedAt, boolean ready, double changedAt, Optional<Sample> sample) {
    /** What a pod counts as in the first mean. */
    enum Standing {
        COUNTED,
        NOT_YET_READY,
        WITHOUT_METRIC
    }

    static PodStatus pending(double createdAt) {
        return new PodStatus(Optional.empty(), false, createdAt, Optional.empty());
    }

    /**
     * By "Algorithm details" of the documentation: a pod that is not yet ready is set aside, and so is one whose metric is from before it was
     * ready, where "before" is, as in the controller's source, that the metric's window began before.
     *
     * @param initialReadinessDelay seconds; older pods that have not been ready in that time are not "not yet ready"
     * @param initializationPeriod seconds after its start in which every change to ready counts as the first
     */
    Standing standing(double now, double initialReadinessDelay, double initializationPeriod) {
        if (startedAt.isEmpty()) {
            return Standing.NOT_YET_READY;
        }
        if (sample.isEmpty()) {
            return Standing.WITHOUT_METRIC;
        }
        boolean initializing = now < startedAt.get() + initializationPeriod;
        boolean notYetReady = initializing
                ? !ready || sample.get().beganAt() < changedAt
                : !ready && changedAt < startedAt.get() + initialReadinessDelay;
        return notYetReady ? Standing.NOT_YET_READY : Standing.COUNTED;
    }
}
