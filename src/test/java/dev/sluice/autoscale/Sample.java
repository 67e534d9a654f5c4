package dev.sluice.autoscale;

/**
 * What a pod used, as the metrics server last said: the mean over a window.
 *
 * @param value cores
 * @param takenAt when the window ended
 * @param window its length in seconds
 */
record Sample(double value, double takenAt, double window) {
    double beganAt() {
        return takenAt - window;
    }
}
