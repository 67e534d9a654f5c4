package dev.sluice.autoscale;

/**
 * The deployment {@code sluice-web} and what it is given to do.
 *
 * @param service mean seconds of one core that a request takes; single ones vary (exponentially)
 * @param atOnce requests that one pod has at once at most; one more is refused
 * @param target cores that a pod is to use on average
 * @param up how fast the autoscaler may add pods
 */
record WebSettings(
        Load load,
        double service,
        int atOnce,
        double target,
        int least,
        int most,
        ScalingRules up,
        double schedule,
        double probePeriod) {
    /** Seconds between two looks of the autoscaler: {@code --horizontal-pod-autoscaler-sync-period}. */
    static final double SYNC_PERIOD = 15;

    /** Seconds between two looks of the metrics server, as its own manifests set it. */
    static final double METRIC_PERIOD = 15;

    WebSettings withTarget(double cores) {
        return new WebSettings(load, service, atOnce, cores, least, most, up, schedule, probePeriod);
    }

    WebSettings withLeast(int replicas) {
        return new WebSettings(load, service, atOnce, target, replicas, most, up, schedule, probePeriod);
    }

    WebSettings withMost(int replicas) {
        return new WebSettings(load, service, atOnce, target, least, replicas, up, schedule, probePeriod);
    }

    WebSettings withUp(ScalingRules rules) {
        return new WebSettings(load, service, atOnce, target, least, most, rules, schedule, probePeriod);
    }

    WebSettings withSchedule(double seconds) {
        return new WebSettings(load, service, atOnce, target, least, most, up, seconds, probePeriod);
    }

    WebSettings withProbePeriod(double seconds) {
        return new WebSettings(load, service, atOnce, target, least, most, up, schedule, seconds);
    }
}
