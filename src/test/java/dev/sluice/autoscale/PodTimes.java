package dev.sluice.autoscale;

/**
 * How long a pod takes from the decision that it be there until it works.
 *
 * @param schedule seconds until its process is started: scheduling, pulling nothing, creating the container
 * @param startUp seconds until the process answers
 * @param probePeriod seconds between two readiness probes
 */
record PodTimes(double schedule, double startUp, double probePeriod) {
    /** When a pod created then has its process started. */
    double startedAt(double createdAt) {
        return createdAt + schedule;
    }

    double answersAt(double createdAt) {
        return startedAt(createdAt) + startUp;
    }

    /**
     * When it is ready: at the first probe that is answered.
     *
     * @param phase where in a period the first probe falls, from 0 to 1
     */
    double readyAt(double createdAt, double phase) {
        double firstProbe = startedAt(createdAt) + phase * probePeriod;
        double late = Math.max(0, answersAt(createdAt) - firstProbe);
        return firstProbe + Math.ceil(late / probePeriod) * probePeriod;
    }
}
